// A provider's answer has a code and a state in its address, which belong neither into the history nor
// onto a picture of the screen. A reload of this page then begins the login again.
"use strict";
window.history.replaceState(null, "", document.currentScript.dataset.address);
