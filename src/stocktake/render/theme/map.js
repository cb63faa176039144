// The dependency map: one asset in the middle, as many steps around it as wanted. The state stands behind the # of the
// address, so that it can be sent and the back button works. All names are put in as text, never as HTML.
(function () {
  "use strict"

  var graph = window.stocktakeGraph, place = document.getElementById("map")
  if (!graph || !place || !window.cytoscape || place.dataset.ready) return
  place.dataset.ready = "yes"

  var LAYOUT_AT_MOST = 120, RANK = { low: 1, medium: 2, high: 3, critical: 4 }
  var nodes = graph.nodes.map(function (n, number) {
    return { number: number, address: n[0], name: n[1], type: n[2], group: n[3], criticality: n[4], page: n[5], x: n[6], y: n[7] }
  })
  var edges = graph.edges.map(function (e) {
    return { source: e[0], target: e[1], words: e[2], criticality: e[3], needs: e[4], hard: e[5], page: e[6] }
  })
  var byAddress = new Map(nodes.map(function (node) { return [node.address, node] }))
  var touching = nodes.map(function () { return [] })
  edges.forEach(function (edge) {
    touching[edge.source].push(edge)
    if (edge.target !== edge.source) touching[edge.target].push(edge)
  })

  function make(tag, text, attributes) {
    var element = document.createElement(tag)
    if (text !== undefined && text !== null) element.textContent = text
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]) })
    return element
  }
  function option(select, value, words) { select.add(new Option(words, value)) }
  function labelled(words, field) {
    var label = make("label", words + " ")
    label.append(field)
    return label
  }

  function wordsOf(rating) { return rating === "unrated" ? "not rated" : rating === "critical" ? "critical" : rating + " and above" }

  // What is asked
  var form = make("form", null, { class: "st-filter st-map-form" })
  var choice = make("input", null, { type: "search", list: "map-assets", placeholder: "Name or address of an asset", "aria-label": "Asset" })
  var list = make("datalist", null, { id: "map-assets" })
  nodes.slice().sort(function (a, b) { return a.name.localeCompare(b.name, "en") }).forEach(function (node) {
    list.append(make("option", node.name, { value: node.address }))
  })
  var steps = make("select", null, { "aria-label": "Steps" })
  ;[1, 2, 3, 4, 5].forEach(function (n) { option(steps, n, n === 1 ? "1 step" : n + " steps") })
  var direction = make("select", null, { "aria-label": "Direction" })
  option(direction, "both", "both ways")
  option(direction, "needs-it", "what needs it")
  option(direction, "it-needs", "what it needs")
  var criticality = make("select", null, { "aria-label": "Criticality" })
  option(criticality, "", "any criticality")
  ;["low", "medium", "high", "critical"].forEach(function (name) { option(criticality, name, wordsOf(name)) })
  option(criticality, "unrated", wordsOf("unrated"))
  form.append(choice, list, labelled("Within", steps), direction, criticality)

  var said = make("p", null, { role: "status", class: "st-map-said" })
  var canvas = make("div", null, { class: "st-map-canvas", "aria-hidden": "true" })
  var tools = make("div", null, { class: "st-map-tools" })
  var listing = make("div")
  place.replaceChildren(form, said, canvas, tools, listing)
  canvas.hidden = tools.hidden = true

  function read() {
    var asked = new URLSearchParams(location.hash.slice(1))
    return {
      focus: byAddress.get(asked.get("focus") || ""),
      unknown: asked.get("focus") || "",
      steps: Math.min(5, Math.max(1, parseInt(asked.get("steps") || "2", 10) || 2)),
      direction: /^(needs-it|it-needs)$/.test(asked.get("direction") || "") ? asked.get("direction") : "both",
      criticality: /^(low|medium|high|critical|unrated)$/.test(asked.get("criticality") || "") ? asked.get("criticality") : ""
    }
  }
  function ask() {
    var typed = choice.value.trim(), small = typed.toLowerCase()
    var node = byAddress.get(typed) || nodes.find(function (n) { return n.name.toLowerCase() === small }) ||
      nodes.find(function (n) { return small && (n.name + " " + n.address).toLowerCase().indexOf(small) >= 0 })
    var state = new URLSearchParams({ focus: node ? node.address : typed, steps: steps.value, direction: direction.value })
    if (criticality.value) state.set("criticality", criticality.value)
    if (!typed) { history.pushState(null, "", location.pathname + location.search); show() } else location.hash = state.toString().replace(/%2F/g, "/")
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); ask() })
  form.addEventListener("change", ask)

  // What is reached: [edge, other end, needs it?] from one node
  function next(node, wanted) {
    return touching[node].map(function (edge) {
      var other = edge.source === node ? edge.target : edge.source
      var mine = edge.source === node ? "source" : "target"
      var way = edge.needs === "" ? "" : edge.needs === mine ? "it-needs" : "needs-it"
      return { edge: edge, other: other, way: way }
    }).filter(function (step) {
      return wanted.direction === "both" || step.way === wanted.direction
    })
  }
  // With both ways asked, what is needed is followed onwards to what that needs, and what needs it to what needs that.
  function reached(wanted) {
    var found = new Map([[wanted.focus.number, { steps: 0, way: "" }]])
    ;(wanted.direction === "both" ? ["needs-it", "it-needs"] : [wanted.direction]).forEach(function (way) {
      var ring = [wanted.focus.number], seen = new Set(ring)
      for (var distance = 1; distance <= wanted.steps && ring.length; distance += 1) {
        var further = []
        ring.forEach(function (node) {
          next(node, { direction: way }).forEach(function (step) {
            if (seen.has(step.other)) return
            seen.add(step.other)
            further.push(step.other)
            if (!found.has(step.other)) found.set(step.other, { steps: distance, way: way })
          })
        })
        ring = further
      }
    })
    if (wanted.direction === "both") next(wanted.focus.number, wanted).forEach(function (step) {
      if (step.way === "" && !found.has(step.other)) found.set(step.other, { steps: 1, way: "" })
    })
    return found
  }

  // Which of them are shown: a rating hides an asset and never the way through it to what lies behind.
  function chosen(wanted, found) {
    return new Map(Array.from(found).filter(function (pair) {
      var rank = RANK[nodes[pair[0]].criticality] || 0
      return pair[0] === wanted.focus.number || !wanted.criticality || (wanted.criticality === "unrated" ? !rank : rank >= RANK[wanted.criticality])
    }))
  }

  function counted(number, one) { return number + " " + one + (number === 1 ? "" : "s") }
  function sentence(wanted, found, shown) {
    var needing = 0, needed = 0, grave = 0
    found.forEach(function (how, number) {
      if (how.way === "needs-it") { needing += 1; if (RANK[nodes[number].criticality] >= 3) grave += 1 }
      if (how.way === "it-needs") needed += 1
    })
    var words = [], within = " within " + counted(wanted.steps, "step")
    if (wanted.direction !== "it-needs") words.push(counted(needing, "asset") + (needing === 1 ? " needs it" : " need it") + within + (grave ? ", " + grave + " of them critical or high" : ""))
    if (wanted.direction !== "needs-it") words.push("it needs " + counted(needed, "asset") + (words.length ? "" : within))
    return wanted.focus.name + ": " + words.join("; ") + "." + (wanted.criticality ? filtered(wanted, found, shown) : "")
  }
  // What the filter leaves out is counted, above all what nobody has rated: it may be critical.
  function filtered(wanted, found, shown) {
    var unrated = Array.from(found.keys()).filter(function (number) { return !shown.has(number) && !RANK[nodes[number].criticality] }).length
    var left = unrated ? "; left out: " + unrated + " that nobody rated" : ""
    return " Shown: " + wordsOf(wanted.criticality) + ", " + (shown.size - 1) + " of " + counted(found.size - 1, "asset") + left + "."
  }

  function table(wanted, shown) {
    var head = make("tr"), body = make("tbody"), inner = make("table", null, { class: "st-table" })
    inner.append(make("caption", "What is on the map", { class: "st-hidden" }))
    ;["Asset", "Type", "Criticality", "How", "Steps"].forEach(function (words) { head.append(make("th", words, { scope: "col" })) })
    var thead = make("thead")
    thead.append(head)
    Array.from(shown).filter(function (pair) { return pair[1].steps }).sort(function (a, b) {
      return a[1].steps - b[1].steps || nodes[a[0]].name.localeCompare(nodes[b[0]].name, "en")
    }).forEach(function (pair) {
      var node = nodes[pair[0]], row = make("tr"), first = make("td"), ways = { "needs-it": "needs it", "it-needs": "is needed", "": "is connected" }
      var state = { focus: node.address, steps: wanted.steps, direction: wanted.direction }
      if (wanted.criticality) state.criticality = wanted.criticality
      first.append(make("a", node.name, { href: node.page }), make("br"), make("a", "focus", { href: "#" + new URLSearchParams(state), class: "st-small" }))
      row.append(first, make("td", node.type), make("td", node.criticality || "not rated"), make("td", ways[pair[1].way]), make("td", String(pair[1].steps), { class: "st-num" }))
      body.append(row)
    })
    inner.append(thead, body)
    var box = make("div", null, { class: "st-scroll", role: "region", tabindex: "0", "aria-label": "What is on the map" })
    box.append(inner)
    listing.replaceChildren(body.rows.length ? box : make("p", wanted.criticality ? "Nothing that is " + wordsOf(wanted.criticality) + " is reached that way, as far as is declared." : "Nothing is reached that way, as far as is declared.", { class: "st-empty" }))
  }

  // The picture
  var cy
  function colour(name) { return getComputedStyle(place).getPropertyValue(name).trim() }
  function looks() {
    var text = getComputedStyle(place).color
    function box(fill, line) { return { "background-color": colour(fill), "border-color": colour(line) } }
    return [
      { selector: "node", style: Object.assign({ shape: "round-rectangle", width: 150, height: 42, "border-width": 1, label: "data(label)", "text-valign": "center", "text-halign": "center", "text-wrap": "wrap", "text-max-width": 140, "font-size": 11, "font-family": "Helvetica, Arial, sans-serif", color: text }, box("--st-component", "--st-component-line")) },
      { selector: "node[group = 'stores']", style: box("--st-store", "--st-store-line") },
      { selector: "node[group = 'externals']", style: Object.assign({ "border-style": "dashed" }, box("--st-external", "--st-external-line")) },
      { selector: "node[criticality = 'critical']", style: { "border-color": colour("--st-fail-fill"), "border-width": 2 } },
      { selector: "node[?centre]", style: { "border-width": 3, "font-weight": "bold" } },
      { selector: "edge", style: { width: 1.2, "curve-style": "bezier", "target-arrow-shape": "triangle", "arrow-scale": 0.8, "line-color": colour("--st-component-line"), "target-arrow-color": colour("--st-component-line"), label: "data(words)", "font-size": 9, color: colour("--st-muted"), "text-background-color": colour("--st-surface"), "text-background-opacity": 0.85, "text-background-padding": 2 } },
      { selector: "edge[!hard]", style: { "line-style": "dashed" } },
      { selector: "edge[criticality = 'critical']", style: { width: 2.2 } }
    ]
  }
  function short(text) { return text.length > 44 ? text.slice(0, 43) + "…" : text }
  var turn = 0
  function draw(wanted, found) {
    var mine = turn += 1
    canvas.hidden = tools.hidden = offers.hidden = false
    var shown = Array.from(found.keys())
    var lines = edges.filter(function (edge) { return found.has(edge.source) && found.has(edge.target) })
    var elements = shown.map(function (number) {
      var node = nodes[number]
      return { data: { id: "n" + number, label: short(node.name) + "\n" + node.type, group: node.group, criticality: node.criticality, centre: number === wanted.focus.number, address: node.address }, position: { x: node.x || 0, y: node.y || 0 } }
    }).concat(lines.map(function (edge, number) {
      return { data: { id: "e" + number, source: "n" + edge.source, target: "n" + edge.target, words: edge.words, hard: edge.hard, criticality: edge.criticality } }
    }))
    if (cy) cy.destroy()
    cy = cytoscape({ container: canvas, elements: elements, style: looks(), layout: { name: "preset", fit: true, padding: 20 }, maxZoom: 1.5 })
    cy.on("tap", "node", function (event) { choice.value = event.target.data("address"); ask() })
    canvas.dataset.nodes = shown.length
    canvas.dataset.layout = "build"
    var hasPlaces = shown.every(function (number) { return nodes[number].x !== undefined })
    if (!window.ELK || (hasPlaces && shown.length > LAYOUT_AT_MOST)) return
    new ELK().layout({
      id: "root",
      layoutOptions: { "elk.algorithm": "layered", "elk.direction": "RIGHT", "elk.layered.spacing.nodeNodeBetweenLayers": "90", "elk.spacing.nodeNode": "18", "elk.randomSeed": "7" },
      children: shown.map(function (number) { return { id: "n" + number, width: 150, height: 42 } }),
      edges: lines.map(function (edge, number) { return { id: "e" + number, sources: ["n" + edge.source], targets: ["n" + edge.target] } })
    }).then(function (laid) {
      if (mine !== turn) return
      laid.children.forEach(function (child) { cy.getElementById(child.id).position({ x: child.x + 75, y: child.y + 21 }) })
      cy.fit(undefined, 20)
      canvas.dataset.layout = "elk"
    })
  }
  ;[["+", "Larger", 1.25], ["−", "Smaller", 0.8], ["⤢", "Whole map", 0]].forEach(function (tool) {
    var button = make("button", tool[0], { type: "button", "aria-label": tool[1], title: tool[1] })
    button.addEventListener("click", function () {
      if (!cy) return
      if (tool[2]) cy.zoom({ level: cy.zoom() * tool[2], renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } })
      else cy.fit(undefined, 20)
    })
    tools.append(button)
  })
  // The same as text for other tools. A name is a label and nothing else, as in the sources of the drawn pictures.
  var HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g
  function plain(text) {
    return text.split(/\s+/).join(" ").trim().replace(HIDDEN, function (hidden) {
      return "⟨U+" + ("000" + hidden.charCodeAt(0).toString(16).toUpperCase()).slice(-4) + "⟩"
    })
  }
  function forMermaid(text) {
    return plain(text).replace(/[#"'<>&`;%{}[\]()|\\]/g, function (mark) { return "#" + mark.charCodeAt(0) + ";" })
  }
  function forDot(text) {
    return plain(text).replace(/["\\]/g, "\\$&").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
  }
  var FORMS = {
    Mermaid: {
      ending: ".mmd", head: "flowchart LR\n", foot: "",
      node: function (number, node) { return "  n" + number + '["' + forMermaid(node.name) + "<br/>" + forMermaid(node.type) + '"]\n' },
      edge: function (edge) { return "  n" + edge.source + ' -->|"' + forMermaid(edge.words) + '"| n' + edge.target + "\n" }
    },
    DOT: {
      ending: ".dot", head: "digraph map {\n  graph [rankdir=LR]\n  node [shape=box]\n", foot: "}\n",
      node: function (number, node) { return "  n" + number + ' [label="' + forDot(node.name) + "\\n" + forDot(node.type) + '"]\n' },
      edge: function (edge) { return "  n" + edge.source + " -> n" + edge.target + ' [label="' + forDot(edge.words) + '"]\n' }
    }
  }
  function source(form, found) {
    var numbers = Array.from(found.keys()).sort(function (a, b) { return a - b })
    var lines = edges.filter(function (edge) { return found.has(edge.source) && found.has(edge.target) })
    return form.head + numbers.map(function (number) { return form.node(number, nodes[number]) }).join("") + lines.map(form.edge).join("") + form.foot
  }
  var offers = make("p", "This map as ", { class: "st-download" })
  Object.keys(FORMS).forEach(function (name, number) {
    var button = make("button", name, { type: "button", "aria-label": "This map as " + name })
    button.addEventListener("click", function () {
      var wanted = read(), link = make("a")
      link.href = URL.createObjectURL(new Blob([source(FORMS[name], chosen(wanted, reached(wanted)))], { type: "text/plain" }))
      link.download = wanted.focus.address.split("/").pop() + FORMS[name].ending
      link.click()
      URL.revokeObjectURL(link.href)
    })
    offers.append(number ? ", " : "", button)
  })
  offers.hidden = true
  listing.before(offers)

  new MutationObserver(function () { if (cy) cy.style(looks()) }).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] })

  function show() {
    var wanted = read()
    steps.value = wanted.steps
    direction.value = wanted.direction
    criticality.value = wanted.criticality
    choice.value = wanted.focus ? wanted.focus.name : wanted.unknown
    if (!wanted.focus) {
      turn += 1
      canvas.hidden = tools.hidden = offers.hidden = true
      listing.replaceChildren()
      said.textContent = wanted.unknown ? "No asset is called " + wanted.unknown + "." : counted(nodes.length, "asset") + ", " + counted(edges.length, "dependency").replace("dependencys", "dependencies") + ". Choose one to see what needs it and what it needs."
      return
    }
    var found = reached(wanted)
    var shown = chosen(wanted, found)
    said.textContent = sentence(wanted, found, shown)
    table(wanted, shown)
    draw(wanted, shown)
  }
  addEventListener("hashchange", show)
  show()
})()
