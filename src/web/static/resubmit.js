// A provider's page posted its answer here, and browsers send no cookie of ours with that. From this
// page they do.
"use strict";
document.getElementById("resubmit").submit();
