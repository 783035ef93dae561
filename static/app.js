// Focus after a swap, one open row, a word when the network fails, print.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const on = (name, act) => document.addEventListener(name, act);
  let focused, failed, opener, unreachable;

  on("htmx:beforeRequest", (event) => {
    focused = document.activeElement?.id || "";
    failed = null;
    opener = event.detail.elt;
    $("#net-error").hidden = true;
    event.detail.target.setAttribute("aria-busy", "true");
  });
  on("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));

  // A swap may drop the focus to <body>.
  on("htmx:afterSettle", (event) => {
    const fresh = event.detail.elt;
    const next = fresh.matches?.("[data-focus]") ? fresh : $("[data-focus]", fresh);
    if (next) return next.focus();
    const before = document.getElementById(focused) || $("#main");
    setTimeout(() => document.activeElement === document.body && before.focus());
  });

  on("htmx:confirm", (event) => {
    const open = $(".editing");
    if (!open || !event.target.matches("[data-edit]")) return;
    event.preventDefault();
    $("#live").textContent = open.dataset.said;
    $("[data-focus]", open).focus();
  });
  on("keydown", (event) => {
    if (event.key === "Escape") event.target.closest(".editing")?.querySelector("[data-cancel]")?.click();
  });

  const explain = (event) => {
    if ("poll" in event.target.dataset) return;
    failed = event.detail.requestConfig.triggeringEvent?.submitter || event.detail.elt;
    const said = $(".lede", new DOMParser().parseFromString(event.detail.xhr?.responseText || "", "text/html"));
    $("#net-error p").textContent = said?.textContent || unreachable;
    $("#net-error").hidden = false;
    $("[data-retry]").focus();
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) on(name, explain);
  on("click", (event) => {
    if (event.target.closest("[data-print]")) print();
    const place = event.target.closest("[data-close]")?.closest(".thread-place");
    if (place) {
      place.replaceChildren();
      opener?.focus();
    }
    if (event.target.closest("[data-retry]") && failed) {
      $("#net-error").hidden = true;
      failed.tagName === "FORM" ? failed.requestSubmit() : failed.click();
    }
  });

  on("DOMContentLoaded", () => {
    unreachable = $("#net-error p").textContent;
    for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
    $(".problem[data-focus]")?.focus();
    if (matchMedia("(max-width: 40rem)").matches) {
      for (const part of document.querySelectorAll("details[data-wide]")) part.open = false;
    }
  });
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
})();
