// Small help on top of pages that work without it: busy buttons, menus that close, focus where it is needed.
"use strict";

// A form on its way keeps its button busy, so that a second click does nothing. The server would refuse it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-busy") || event.defaultPrevented) return;
  const button = event.submitter ?? form.querySelector("button[type=submit]");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busyLabel) {
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busyLabel;
  }
});

const rest = (root) => {
  for (const button of root.querySelectorAll("[aria-disabled=true][data-busy-label]")) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
};
// Going back with the browser shows the page as it was left: its buttons must work again.
window.addEventListener("pageshow", () => rest(document));
document.addEventListener("htmx:finally:request", () => rest(document));

// Menus made of <details> close with Escape and with a click elsewhere.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open], details.nav-fold[open]")) {
    if (menu !== except) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu, details.nav-fold")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open], details.nav-fold[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// After a form that was not right, the summary of what to mend is read first.
const focusErrors = () => document.querySelector("[data-focus]")?.focus();
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", focusErrors);
else focusErrors();
