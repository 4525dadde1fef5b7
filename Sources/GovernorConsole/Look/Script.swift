/// The console's one script. Everything works without it; with it, pages are quicker to use.
///
/// It sends the browser's time zone along when somebody signs in, keeps forms from being sent twice, checks policies as they
/// are typed, keeps the overview fresh, and listens for single letters where the reader wants that.
enum Script {
    static let text = """
        "use strict";
        (() => {
          const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
          const one = (selector) => document.querySelector(selector);

          // The zone of the clock on the wall, for those who have not chosen one.
          const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
          for (const field of all("input[data-zone]")) if (zone) field.value = zone;

          // A form is sent once.
          document.addEventListener("submit", (event) => {
            const form = event.target;
            if (form.dataset.sent) { event.preventDefault(); return; }
            if (form.method === "post") form.dataset.sent = "yes";
          });
          window.addEventListener("pageshow", () => { for (const form of all("form")) delete form.dataset.sent; });

          // Live parts: the server sends the part anew whenever it has changed.
          for (const part of all("[data-live]")) {
            const source = new EventSource(part.dataset.live);
            source.addEventListener("part", (event) => {
              if (part.contains(document.activeElement) && document.activeElement !== document.body) return;
              const open = all("details[open]", part).map((details) => details.id);
              part.innerHTML = event.data;
              for (const id of open) { const details = document.getElementById(id); if (details) details.open = true; }
            });
            const mark = document.getElementById(part.dataset.mark || "");
            source.onopen = () => { if (mark) mark.hidden = false; };
            source.onerror = () => { if (mark) mark.hidden = true; };
            window.addEventListener("pagehide", () => source.close());
          }

          // Policies are checked as they are typed.
          for (const form of all("form[data-check]")) {
            const target = document.getElementById(form.dataset.target);
            let timer = 0, running = null;
            const check = async () => {
              if (running) running.abort();
              running = new AbortController();
              target.setAttribute("aria-busy", "true");
              try {
                const answer = await fetch(form.dataset.check, {
                  method: "POST", body: new URLSearchParams(new FormData(form)), signal: running.signal,
                });
                if (answer.ok) target.innerHTML = await answer.text();
                else if (answer.status === 401) location.reload();
              } catch (error) {
                if (error.name !== "AbortError") target.setAttribute("data-stale", "yes");
              }
              target.removeAttribute("aria-busy");
            };
            form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(check, 300); });
          }

          // Single letters, for those who want them; never while something is being typed.
          const keys = one("#keys");
          document.addEventListener("keydown", (event) => {
            if (document.body.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
            const at = event.target;
            if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) {
              if (event.key === "Escape") at.blur();
              return;
            }
            if (event.key === "/") {
              const field = one("[data-search]");
              if (field) { event.preventDefault(); field.focus(); field.select(); }
              else location.href = one("nav a").href;
            } else if (event.key === "?") {
              if (keys && !keys.open) keys.showModal();
            } else if (event.key === "o") {
              const details = one("#act-opt-out");
              if (details) { event.preventDefault(); details.open = true; details.querySelector("input:not([type=hidden])").focus(); }
            } else if (/^[1-9]$/.test(event.key)) {
              const link = one(`nav [data-key="${event.key}"]`);
              if (link) location.href = link.href;
            }
          });
        })();
        """
}
