// Looks now and then whether the page can be had by now, and only then shows it: nothing moves
// under the reader's eyes meanwhile.
"use strict";
const seconds = Number(document.currentScript.dataset.seconds);
const away = [429, 502, 503, 504];
setInterval(async () => {
  try {
    const answer = await fetch(window.location.href, { redirect: "manual", cache: "no-store" });
    if (!away.includes(answer.status)) window.location.reload();
  } catch {
    // Still away.
  }
}, seconds * 1000);
