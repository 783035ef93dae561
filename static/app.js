// Focus after a swap, one open row, a word when the network fails, print.
"use strict";
{
  const $ = (selector, root = document) => root.querySelector(selector);
  // A preview moves no focus, and fails in silence.
  const on = (name, act) => document.addEventListener(name, (event) => event.detail?.requestConfig?.elt.matches("[data-preview]") || act(event));
  const unreachable = $("#net-error p").textContent;
  let focused, failed, opener, opened;

  on("htmx:beforeRequest", ({ detail }) => {
    focused = document.activeElement.id;
    opener = detail.elt;
    $("#net-error").hidden = true;
    detail.target.setAttribute("aria-busy", "true");
  });
  on("htmx:afterRequest", ({ detail }) => detail.target.removeAttribute("aria-busy"));

  // A swap may drop the focus to <body>.
  on("htmx:afterSettle", ({ detail: { elt } }) => {
    const next = elt.matches?.("[data-focus]") ? elt : $("[data-focus]", elt);
    if (next) return next.focus();
    setTimeout(() => document.activeElement === document.body && (document.getElementById(focused) || $("#main")).focus());
  });

  on("htmx:confirm", (event) => {
    const open = $(".editing");
    if (event.target.matches(".htmx-request > [data-preview]")) event.preventDefault(); // saving
    if (!open || !event.target.matches("[data-edit]")) return;
    event.preventDefault();
    $("#live").textContent = open.dataset.said;
    $("[data-focus]", open).focus();
  });
  on("keydown", ({ key, target }) => {
    if (key === "Escape") target.closest(".editing")?.querySelector("[data-cancel]")?.click();
  });

  const explain = ({ target, detail }) => {
    if ("poll" in target.dataset) return;
    failed = detail.requestConfig.triggeringEvent?.submitter || detail.elt;
    const said = $(".lede", new DOMParser().parseFromString(detail.xhr.responseText, "text/html"));
    $("#net-error p").textContent = said?.textContent || unreachable;
    $("#net-error").hidden = false;
    $("[data-retry]").focus();
  };
  for (const name of ["sendError", "timeout", "responseError"]) on("htmx:" + name, explain);
  on("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
    const place = target.closest("[data-close]")?.closest(".thread-place");
    if (place) {
      place.replaceChildren();
      opener?.focus();
    }
    if (target.closest("[data-retry]")) {
      $("#net-error").hidden = true;
      failed.requestSubmit ? failed.requestSubmit() : failed.click();
    }
  });

  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  $(".problem[data-focus]")?.focus();
  if (matchMedia("(max-width: 40rem)").matches) {
    for (const part of document.querySelectorAll("details[data-wide]")) part.open = false;
  }
  addEventListener("beforeprint", () => {
    opened = document.querySelectorAll("details:not([open])");
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
}
