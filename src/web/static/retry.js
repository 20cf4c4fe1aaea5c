// Looks now and then whether the page can be had by now, and only then shows it: nothing moves
// under the reader's eyes meanwhile. The longer it takes, the less often.
"use strict";
const away = [429, 502, 503, 504];
const longest = 60;
function lookIn(seconds) {
  setTimeout(async () => {
    let asked = 0;
    try {
      const answer = await fetch(window.location.href, { redirect: "manual", cache: "no-store" });
      if (!away.includes(answer.status)) return window.location.reload();
      asked = Number(answer.headers.get("Retry-After")) || 0;
    } catch {
      // Still away.
    }
    lookIn(Math.min(Math.max(seconds * 2, asked), longest));
  }, seconds * 1000);
}
lookIn(Number(document.currentScript.dataset.seconds));
