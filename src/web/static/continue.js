// Browsers keep what follows a # to themselves. This adds it to the login address, so that the
// customer comes back to exactly where they were going.
"use strict";
const link = document.getElementById("continue");
const fragment = link.dataset.takeFragment ? window.location.hash.slice(1) : "";
window.location.replace(fragment ? link.href + "&fragment=" + encodeURIComponent(fragment) : link.href);
