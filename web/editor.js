// The SPARQL editor. It takes the place of the text area of the page, which works without it too: what is
// written here goes there, and the form is sent as ever. It stands in a shadow root, where its styles are sheets
// that a content security policy lets in.

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { HighlightStyle, LanguageSupport, bracketMatching, codeFolding, foldEffect, syntaxHighlighting, syntaxTree } from "@codemirror/language"
import { forEachDiagnostic, lintKeymap, linter } from "@codemirror/lint"
import { EditorState } from "@codemirror/state"
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view"
import { styleTags, tags } from "@lezer/highlight"
import { SparqlLanguage } from "codemirror-lang-sparql"

const KEYWORDS = ("SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND AS ORDER BY GROUP BY HAVING " +
  "LIMIT OFFSET ASK CONSTRUCT DESCRIBE PREFIX NOT EXISTS COUNT SUM MIN MAX AVG CONTAINS LCASE REGEX STR IF COALESCE BOUND")
  .split(" ").map(label => ({ label, type: "keyword", boost: -50 }))
const AFTER_A = /(?:^|[\s;])(?:a|rdf:type)\s+(?:[\w-]*:[\w-]+\s*,\s*)*$/
const SPARQL = new LanguageSupport(SparqlLanguage.configure({
  props: [styleTags({ "Pname_ln Pname_ns": tags.typeName, A_predicate: tags.keyword })],
}))
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--second)" },
  { tag: [tags.url, tags.namespace, tags.typeName], color: "var(--mark)" },
])
const LOOK = EditorView.theme({
  "&": { border: "1px solid var(--quiet)", borderRadius: "6px", background: "var(--paper)", color: "var(--ink)", maxHeight: "26rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { font: ".9rem/1.5 ui-monospace, SFMono-Regular, Menlo, monospace", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", minHeight: "6rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--soft)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { background: "transparent" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { background: "var(--line)" },
  ".cm-foldPlaceholder": { background: "var(--soft)", color: "var(--quiet)", border: "1px solid var(--line)", padding: "0 .4rem" },
  ".cm-lintRange.cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)" },
  ".cm-lintRange.cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--bad)" },
  ".cm-tooltip": { background: "var(--paper)", color: "var(--ink)", border: "1px solid var(--quiet)", borderRadius: "6px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "14rem", maxWidth: "min(34rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem", minHeight: "24px", color: "var(--ink)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-tooltip li[aria-selected] .cm-completionDetail": { color: "var(--on-accent)" },
  ".cm-completionDetail": { color: "var(--quiet)", fontStyle: "normal" },
  ".cm-completionInfo": { padding: ".4rem .6rem", maxWidth: "22rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
})

// What can stand where the cursor is: variables of the query, terms and prefixes; after `a`, classes alone.
function completions(known) {
  const option = type => ([name, label, info, unit]) =>
    ({ label: name, detail: unit ? `${label}, ${unit}` : label, info, type })
  const classes = known.classes.map(option("class")), properties = known.properties.map(option("property"))
  const prefixes = Object.entries(known.prefixes).map(([name, iri]) => ({ label: `${name}:`, detail: iri, type: "namespace" }))
  return context => {
    if (/^(Comment|String|IriRef)$/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null
    const text = context.state.doc.toString()
    const variable = context.matchBefore(/[?$]\w*/)
    if (variable) {
      const others = text.slice(0, variable.from) + text.slice(context.pos)
      const names = new Set(others.match(/[?$]\w+/g))
      return { from: variable.from, options: [...names].map(label => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ }
    }
    const word = context.matchBefore(/[\w-]+(:[\w-]*)?/)
    if (!word && !context.explicit) return null
    const from = word ? word.from : context.pos
    const before = text.slice(0, from).replace(/#.*$/gm, "")
    const options = AFTER_A.test(before) ? classes : [...properties, ...classes, ...prefixes, ...KEYWORDS]
    return { from, options, validFor: /^[\w-]*:?[\w-]*$/ }
  }
}

// What is wrong with the query: the first place that cannot be read, else what the server said of it as long as it
// is that one; and terms that the ontology does not have.
function problems(known, area) {
  const asked = area.value, names = new Set([...known.classes, ...known.properties].map(one => one[0]).concat(known.others))
  return view => {
    const { doc } = view.state
    const found = [], declared = new Set([...doc.toString().matchAll(/\bPREFIX\s+([\w-]*)\s*:/gi)].map(one => one[1]))
    syntaxTree(view.state).iterate({
      enter(node) {
        if (found.some(one => one.severity === "error")) return  // what follows may be read wrongly
        if (node.type.isError) found.push(unread(doc, node))
        if (node.name !== "Pname_ln" && node.name !== "PrefixedName") return
        const text = doc.sliceString(node.from, node.to)
        if (node.to === view.state.selection.main.head) return  // it is being written
        const prefix = text.slice(0, text.indexOf(":"))
        if (!(prefix in known.prefixes) && !declared.has(prefix))
          found.push({ from: node.from, to: node.to, severity: "error", message: `The prefix ${prefix} is not declared.` })
        if (text.startsWith("cets:") && !names.has(text) && found.every(one => one.from !== node.from))
          found.push({ from: node.from, to: node.to, severity: "warning", message: `The ontology has no term ${text}.` })
      },
    })
    if (area.dataset.line && doc.toString() === asked && found.every(one => one.severity !== "error"))
      found.push(said(doc, area.dataset))
    return found
  }
}

function said(doc, { line, column, message }) {
  const place = doc.line(Math.min(line, doc.lines))
  const from = Math.min(place.from + Math.max(column - 1, 0), place.to)
  return { from: from === place.to ? Math.max(from - 1, place.from) : from, to: Math.min(from + 1, place.to), severity: "error", message }
}

function unread(doc, { from, to }) {
  const text = doc.sliceString(from, to).trim()
  if (text) return { from, to, severity: "error", message: `${text.slice(0, 40)} is not expected here.` }
  const before = doc.sliceString(0, from).trimEnd(), word = before.match(/[\w:?$-]+$|.$/)?.[0] ?? ""
  return { from: before.length - word.length, to: before.length, severity: "error", message: `Something is missing after ${word}.` }
}

// A query of the list begins with what it is about: its first line is enough.
function foldedHead(state) {
  let line = 1
  while (line < state.doc.lines && state.doc.line(line + 1).text.startsWith("#")) line++
  if (!state.doc.line(1).text.startsWith("#") || line < 2) return []
  return [foldEffect.of({ from: state.doc.line(1).to, to: state.doc.line(line).to })]
}

// Browsers put text in the place of other text with styles in it, which the content security policy refuses.
const inPlace = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view, { from, to } = state.selection.main, text = event.data
    if (event.inputType !== "insertText" || !text || from === to) return false
    event.preventDefault()
    const insert = () => state.update(state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true })
    if (!state.facet(EditorView.inputHandler).some(handle => handle(view, from, to, text, insert))) view.dispatch(insert())
    return true
  },
})

function edited(area, status, known) {
  const host = document.createElement("div")
  area.after(host)
  area.hidden = true
  const ask = () => (area.form.requestSubmit(), true)
  const view = new EditorView({
    root: host.attachShadow({ mode: "open" }),
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(),
        EditorView.lineWrapping, SPARQL, syntaxHighlighting(COLOURS), codeFolding(), LOOK, inPlace,
        autocompletion({ override: [completions(known)], icons: false }),
        linter(problems(known, area), { delay: 300 }),
        keymap.of([
          { key: "Mod-Enter", run: ask, preventDefault: true }, { key: "Tab", run: acceptCompletion },
          ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap,
        ]),
        EditorView.contentAttributes.of({
          "aria-label": "Query", "aria-description": "Control and Enter asks. Escape and then Tab leaves the editor.",
          spellcheck: "false", autocapitalize: "off",
        }),
        EditorView.updateListener.of(update => {
          if (update.docChanged) area.value = update.state.doc.toString()
          status.textContent = wordsOf(update.state)
        }),
      ],
    }),
  })
  host.shadowRoot.append(view.dom)
  view.dispatch({ effects: foldedHead(view.state) })
  area.labels[0]?.addEventListener("click", () => view.focus())
}

// The first error in words, or the first warning.
function wordsOf(state) {
  const words = { error: "", warning: "" }
  forEachDiagnostic(state, (one, from) => {
    const line = state.doc.lineAt(from)
    words[one.severity] ||= `Line ${line.number}, column ${from - line.from + 1}: ${one.message}`
  })
  return words.error || words.warning
}

const area = document.querySelector("textarea[data-terms]")
const known = await (await fetch(area.dataset.terms)).json()
edited(area, document.querySelector("#query-status"), known)
const menu = document.querySelector("select[name=draft]")
menu.addEventListener("change", () => menu.value && menu.form.requestSubmit())
