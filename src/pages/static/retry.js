// Looks now and then whether the page can be had by now, and only then shows it: nothing moves
// under the reader's eyes meanwhile.
"use strict";
const seconds = Number(document.currentScript.dataset.seconds);
setInterval(async () => {
  try {
    const answer = await fetch(window.location.href, { redirect: "manual", cache: "no-store" });
    if (answer.status !== 503) window.location.reload();
  } catch {
    // Still away.
  }
}, seconds * 1000);
