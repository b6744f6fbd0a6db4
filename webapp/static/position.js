// « Use where I am now »: fills the two numbers of a position. Without JavaScript, or without an answer, one chooses in the list.
"use strict";

for (const place of document.querySelectorAll("[data-position]")) {
  if (!navigator.geolocation) continue;
  const button = place.querySelector("button");
  const status = place.querySelector("[role=status]");
  place.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.getElementById(place.dataset.latitude).value = coords.latitude.toFixed(6);
        document.getElementById(place.dataset.longitude).value = coords.longitude.toFixed(6);
        status.textContent = status.dataset.found;
      },
      () => {
        status.textContent = status.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
