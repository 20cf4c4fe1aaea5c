// Browsers keep what follows a # to themselves. This adds it to the login address, so that the
// customer comes back to exactly where they were going.
"use strict";
const link = document.getElementById("continue");
const fragment = link.dataset.takeFragment ? window.location.hash.slice(1) : "";
window.location.replace(fragment ? link.href + "&fragment=" + encodeURIComponent(fragment) : link.href);
// Where nobody answers at the other site, this page stays, and goes on without it.
if (link.dataset.then) setTimeout(() => window.location.replace(link.dataset.then), 10000);
