// What script adds to pages that work without it: buttons that copy, filters that apply at once, and lists that
// are narrowed while one writes.

function offer(place, text, what) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "copy"
  button.textContent = "Copy"
  button.setAttribute("aria-label", `Copy ${what}`)
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(text).then(() => "Copied", () => "Not copied")
    button.textContent = done
    setTimeout(() => { button.textContent = "Copy" }, 2000)
  })
  place.after(button)
}

for (const copied of document.querySelectorAll(".iri, .cite, main pre:not(.notice pre)")) {
  offer(copied, copied.textContent.trim(), copied.getAttribute("aria-label") ?? (copied.matches("pre") ? "the code" : copied.matches(".cite") ? "the citation" : "the IRI"))
}

// The term that an address leads to: its IRI, once.
function offerTerm() {
  const head = document.querySelector("h3:target:not(:has(+ .copy))"), ontology = document.querySelector("[data-ontology]")
  if (head && ontology) offer(head, `${ontology.dataset.ontology}#${head.id}`, "the IRI")
}
addEventListener("hashchange", offerTerm)
addEventListener("load", offerTerm)

// The heading of a term of the ontology leads to its example and rules.
if (document.querySelector("[data-ontology]")) {
  for (const head of document.querySelectorAll("main h3[id]")) {
    const link = document.createElement("a")
    link.href = `/ontology/use/${head.id}`
    link.textContent = head.textContent
    head.replaceChildren(link)
  }
}

for (const form of document.querySelectorAll("form[data-applies]")) {
  form.addEventListener("formdata", ({ formData }) => {
    const given = [...formData].filter(([, value]) => value)
    for (const name of [...formData.keys()]) formData.delete(name)
    for (const [name, value] of given) formData.append(name, value)
  })
  form.addEventListener("change", event => event.target.matches("[type=checkbox], select") && form.requestSubmit())
}

for (const box of document.querySelectorAll("input[data-narrows]")) {
  box.closest("[hidden]").hidden = false
  const items = [...document.querySelectorAll(box.dataset.narrows)]
  const sections = [...document.querySelectorAll("main section:has(li)")]
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/)
    for (const item of items) item.hidden = !words.every(word => item.textContent.toLowerCase().includes(word))
    for (const section of sections) section.hidden = !section.querySelector("li:not([hidden])")
  })
}
