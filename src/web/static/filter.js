// Narrows the list of portals while somebody types. Without scripts the button does the same by a page.
"use strict";
const field = document.getElementById("q");
const portals = [...document.querySelectorAll("#portals > li")];
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/);
  const fits = (portal) => words.every((word) => portal.textContent.toLowerCase().includes(word));
  for (const portal of portals) portal.hidden = !fits(portal);
  document.getElementById("none").hidden = portals.some((portal) => !portal.hidden);
});
