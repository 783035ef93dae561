// Ask before a session ends for want of activity; when it has ended, leave the page.
(() => {
  "use strict";
  const WARN_MS = 180_000; // the server notes activity once a minute: two minutes are left at least
  const idleMs = Number(document.body.dataset.idle) * 1000;
  const dialog = document.getElementById("idle");
  const form = dialog.querySelector("form");

  // Shared between tabs: being active in one keeps them all.
  const seen = () => Number(localStorage.getItem("seen"));
  const note = () => localStorage.setItem("seen", Date.now());
  note();
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.elt.matches("[data-poll]")) note(); // a page that asks by itself is no activity
  });

  setInterval(() => {
    const left = seen() + idleMs - Date.now();
    if (left < -1000) location.reload();
    else if (left > WARN_MS) dialog.close();
    else if (!dialog.open) dialog.showModal();
  }, 1000);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (answer.status !== 204) return location.reload();
    note();
    dialog.close();
  });
})();
