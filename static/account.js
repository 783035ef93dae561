// Sign-in pages: show what is typed, and offer passkeys where the browser knows them.
(() => {
  "use strict";
  const all = (selector) => document.querySelectorAll(selector);

  for (const label of all("[data-show]")) {
    const inputs = label.closest("form").querySelectorAll("[type=password]");
    label.hidden = false;
    label.addEventListener("change", (event) => {
      for (const input of inputs) input.type = event.target.checked ? "text" : "password";
    });
  }
  if (window.PublicKeyCredential) {
    for (const part of all("[data-passkey]")) part.hidden = false;
    for (const part of all("[data-no-passkey]")) part.hidden = true;
  }
  // Also when somebody has just thought better of it.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const problem = document.getElementById("passkey-problem");
    if (problem) problem.hidden = false;
  });
})();
