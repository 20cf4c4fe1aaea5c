// A page of another site posted this form here, and browsers send no cookie of ours with that. From this
// page they do.
"use strict";
document.getElementById("resubmit").submit();
