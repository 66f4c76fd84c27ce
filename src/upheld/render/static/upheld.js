// Nothing here judges: the slider shows verdicts that were computed with the page, the filter hides lines.
"use strict";
for (const box of document.querySelectorAll(".try")) {
  const data = JSON.parse(box.querySelector("script").textContent);
  const svg = box.parentElement.querySelector(".picture");
  const range = box.querySelector("input");
  const output = box.querySelector("output");
  const tried = svg.querySelector(".tried");
  const stages = [...svg.querySelectorAll("g[data-stage]")].map((group) => {
    const answer = group.querySelector("[data-answer]");
    const dots = [...group.querySelectorAll("[data-member]")].map((dot) => [dot, dot.dataset.member, dot.getAttribute("class")]);
    return { group, answer, dots, name: group.dataset.stage, text: answer.textContent, look: group.getAttribute("class") };
  });
  const promised = data.steps.findIndex((step) => step.promised);
  const show = (index) => {
    const step = data.steps[index];
    range.value = index;
    range.setAttribute("aria-valuetext", step.target);
    tried.toggleAttribute("hidden", index === promised);
    tried.setAttribute("transform", `translate(${step.x - data.line} 0)`);
    output.replaceChildren(index === promised ? `${step.target}, as promised` : `${step.target}: `);
    for (const { group, answer, dots, name, text, look } of stages) {
      const outcome = index === promised ? undefined : step.stages[name];
      answer.textContent = outcome ? outcome.short : text;
      group.setAttribute("class", outcome ? outcome.look : look);
      for (const [dot, member, was] of dots) {
        dot.setAttribute("class", !outcome ? was : outcome.members.includes(member) ? "n" : outcome.unsure.includes(member) ? "i" : "m");
      }
      if (outcome) {
        const word = document.createElement("span");
        word.className = outcome.look;
        word.textContent = outcome.text;
        output.append(word);
      }
    }
  };
  range.max = data.steps.length - 1;
  range.addEventListener("input", () => show(Number(range.value)));
  const nearest = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()).x;
    let best = 0;
    data.steps.forEach((step, i) => { if (Math.abs(step.x - at) < Math.abs(data.steps[best].x - at)) best = i; });
    show(best);
  };
  svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); nearest(event); });
  svg.addEventListener("pointermove", (event) => { if (event.buttons) nearest(event); });
  box.hidden = false;
  show(promised);
}
for (const form of document.querySelectorAll("form[data-local]")) {
  const looks = { "not met": "n", inconclusive: "i", met: "m" };
  const sections = [...document.querySelectorAll(".rows")].map((section) => [section, [...section.querySelectorAll("tbody tr")]]);
  const status = form.querySelector("[role=status]");
  const has = (row, key, index) => index < 0 || row.dataset[key] === "*" || (row.dataset[key] || "").split(" ").includes(String(index));
  const chosen = (name) => (form.elements[name] ? form.elements[name].selectedIndex - 1 : -1);
  const apply = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [customer, owner, type] = ["customer", "owner", "type"].map(chosen);
    const verdict = form.elements.verdict.value;
    const counts = { "": 0, "not met": 0, inconclusive: 0, met: 0 };
    let shown = 0;
    for (const [section, rows] of sections) {
      let any = false;
      for (const row of rows) {
        const takes = has(row, "c", customer) && has(row, "o", owner) && has(row, "t", type)
          && (!words.length || words.every((word) => (row.found ??= `${row.title} ${row.textContent}`.toLowerCase()).includes(word)));
        if (takes) for (const value in looks) if (looks[value] === row.className) { counts[value] += 1; counts[""] += 1; }
        row.hidden = !(takes && (!verdict || looks[verdict] === row.className));
        if (!row.hidden) { any = true; shown += 1; }
      }
      section.hidden = !any;
    }
    for (const value in counts) form.querySelector(`[data-count="${value}"]`).textContent = counts[value];
    status.textContent = `${shown} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
}
