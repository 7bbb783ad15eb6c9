// Runs once in an empty JavaScript world, after the template engine: no file, no network, no clock is there to reach.
// What it leaves is `globalThis.renderOne`, called once for each text.
(() => {
  "use strict";
  const { Environment, Template, compiler, lib, nodes, parser, runtime } = globalThis.nunjucks;
  const { parse, stringify } = JSON;

  // The same request gives the same bytes: the filter `random` draws from a fixed row.
  let seed = 0;
  const reseed = () => (seed = 0x9e3779b9);
  Math.random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };

  // The engine remembers where a function was called, not where a filter was; then errors would name line 1.
  const compileFilter = compiler.Compiler.prototype.compileFilter;
  compiler.Compiler.prototype.compileFilter = function (node, frame) {
    this._emit(`(lineno = ${node.lineno}, colno = ${node.colno}, `);
    compileFilter.call(this, node, frame);
    this._emit(")");
  };

  // The engine's lexer walks over plain text one character at a time; this finds the end of it in one step.
  const tokenizer = Object.getPrototypeOf(globalThis.nunjucks.lexer.lex("", {}));
  tokenizer._extractUntil = function (ends = "") {
    if (this.isFinished()) return null;
    let end = this.len;
    for (const mark of new Set(ends)) {
      const at = this.str.slice(this.index, end).indexOf(mark);
      if (at >= 0) end = this.index + at;
    }
    const text = this.str.slice(this.index, end);
    const lastBreak = text.lastIndexOf("\n");
    this.colno = lastBreak < 0 ? this.colno + text.length : text.length - lastBreak - 1;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.lineno += 1;
    this.index = end;
    return text;
  };

  // Printing what is not there is noted and prints nothing; whether that is an error is for others to say.
  let missing = [];
  runtime.ensureDefined = (value, line, column) => {
    if (value === undefined || value === null) missing.push({ line: line + 1, column: column + 1 });
    return value;
  };

  const queryOf = (text) => {
    const query = {};
    for (const pair of text.split("&").filter(Boolean)) {
      const [key, ...value] = pair.split("=");
      const decoded = (part) => decodeURIComponent(part.replace(/\+/g, " "));
      query[decoded(key)] ??= decoded(value.join("="));
    }
    return query;
  };

  const filters = {
    parseRepoUrl(url) {
      const parts = /^([^/?#\s]+)[^?#]*(?:\?([^#]*))?/.exec(String(url));
      if (!parts) throw new Error(`Invalid repo URL, expected host?owner=…&repo=…, got ${url}`);
      const { owner, organization, workspace, project, repo } = queryOf(parts[2] ?? "");
      for (const [name, value] of project ? [["repo", repo]] : [["repo", repo], ["owner", owner]]) {
        if (!value) throw new Error(`Invalid repo URL, ${url} is missing ${name}`);
      }
      return { host: parts[1].toLowerCase(), owner, repo, organization, workspace, project };
    },
    parseEntityRef(ref, context = {}) {
      const match = /^([^:/]+:)?([^:/]+\/)?([^:/]+)$/.exec(String(ref).trim());
      if (!match) throw new Error(`Entity reference "${ref}" was not on the form [<kind>:][<namespace>/]<name>`);
      const kind = match[1]?.slice(0, -1) ?? context.defaultKind;
      if (!kind) throw new Error(`Entity reference "${ref}" had missing or empty kind, such as "component:"`);
      return { kind, namespace: match[2]?.slice(0, -1) ?? context.defaultNamespace ?? "default", name: match[3] };
    },
    pick(object, path) {
      const keys = String(path).split(/[.[\]]+/).filter(Boolean);
      return keys.reduce((value, key) => (value === undefined || value === null ? undefined : value[key]), object);
    },
    projectSlug(url) {
      const { owner, repo } = filters.parseRepoUrl(url);
      return `${owner}/${repo}`;
    },
  };

  const environments = new Map();
  const environment = ({ trim_blocks = false, lstrip_blocks = false, cookiecutter = false }) => {
    const key = stringify([trim_blocks, lstrip_blocks, cookiecutter]);
    if (!environments.has(key)) {
      const tags = { variableStart: cookiecutter ? "{{" : "${{", variableEnd: "}}" };
      const options = { autoescape: false, dev: true, throwOnUndefined: true, trimBlocks: trim_blocks, lstripBlocks: lstrip_blocks, tags };
      const made = new Environment([], options);
      for (const [name, filter] of Object.entries(filters)) {
        made.addFilter(name, (...given) => {
          const value = filter(...given);
          return value === "" ? undefined : value;
        });
      }
      // A plan looks at the run in which nothing fails.
      made.addGlobal("always", () => true);
      made.addGlobal("failure", () => false);
      if (cookiecutter) made.addFilter("jsonify", made.getFilter("dump"));
      environments.set(key, made);
    }
    return environments.get(key);
  };

  const optionsOf = (env) => ({ trimBlocks: env.opts.trimBlocks, lstripBlocks: env.opts.lstripBlocks, tags: env.opts.tags });
  const isOneExpression = (tree) =>
    tree.children.length === 1 && tree.children[0] instanceof nodes.Output && !(tree.children[0].children[0] instanceof nodes.TemplateData);

  const pathOf = (node) => {
    if (node instanceof nodes.Symbol) return [node.value];
    if (!(node instanceof nodes.LookupVal) || !(node.val instanceof nodes.Literal)) return undefined;
    const target = pathOf(node.target);
    return target && [...target, String(node.val.value)];
  };

  // Names that a text uses, each with its place: `values.a.b` as one path, and filters.
  const namesOf = (tree) => {
    const paths = [];
    const used = [];
    const visit = (node) => {
      if (Array.isArray(node)) return node.forEach(visit);
      if (!(node instanceof nodes.Node)) return;
      if (node instanceof nodes.Filter) {
        used.push({ name: node.name.value, line: node.lineno + 1, column: node.colno + 1 });
        return visit(node.args);
      }
      const path = pathOf(node);
      if (path) {
        let first = node;
        while (first.target) first = first.target;
        return void paths.push({ path, line: first.lineno + 1, column: first.colno + 1 });
      }
      for (const field of new Set([...node.fields, "children"])) visit(node[field]);
    };
    visit(tree);
    return { paths, filters: used };
  };

  const expressionAt = (source, { line, column }, start) => {
    let from = 0;
    for (let n = 1; n < line; n += 1) from = source.indexOf("\n", from) + 1;
    from += column - 1 + start.length;
    const to = source.indexOf("}}", from);
    return source.slice(from, to < 0 ? undefined : to).replace(/^-|-$/g, "").trim().slice(0, 200);
  };

  const sentence = (error) => {
    const text = String(error?.message ?? error);
    return text.replace(/^(\([^\n]*\)( \[[^\n]*\])?\s+)+/, "").replace(/^(Error|Template render error): /g, "");
  };
  // Places count from 1 while parsing and from 0 while rendering.
  const fault = (kind, error, base) => ({
    fault: kind,
    message: sentence(error),
    line: Math.max(1, (error?.lineno ?? 0) + base),
    column: Math.max(1, (error?.colno ?? 0) + base),
  });

  const rendered = (env, source, context) => {
    let template;
    try {
      template = new Template(source, env, "text", true);
    } catch (error) {
      return fault("syntax", error, 0);
    }
    try {
      return { text: String(template.render(context)) };
    } catch (error) {
      return fault("evaluation", error, 1);
    }
  };

  const check = (env, source) => {
    try {
      const tree = parser.parse(source, [], optionsOf(env));
      new Template(source, env, "text", true);
      const names = namesOf(tree);
      const unknown = names.filters.filter(({ name }) => !Object.hasOwn(env.filters, name));
      return { names: { paths: names.paths, unknown_filters: unknown } };
    } catch (error) {
      return fault("syntax", error, 0);
    }
  };

  // A text that is exactly one expression keeps the type of its value, through JSON and not by guessing.
  const evaluated = (env, source, context) => {
    let single = false;
    try {
      single = isOneExpression(parser.parse(source, [], optionsOf(env)));
    } catch (error) {
      return fault("syntax", error, 0);
    }
    const wrapped = single ? source.replace(/\$\{\{-?([\s\S]+?)-?\}\}\s*$/, "${{ ( $1 ) | dump }}") : source;
    const answer = rendered(env, wrapped, context);
    if (answer.text === undefined) return answer;
    if (answer.text === "") return { value: null, absent: true };
    return { value: single ? parse(answer.text) : answer.text };
  };

  globalThis.renderOne = (job, contextText, most) => {
    const { source, mode, options } = parse(job);
    missing = [];
    reseed();
    const env = environment(options);
    let answer;
    if (mode === "check") answer = check(env, source);
    else if (mode === "value") answer = evaluated(env, source, parse(contextText));
    else answer = rendered(env, source, parse(contextText));
    if ((answer.text?.length ?? 0) > most) answer = { fault: "size", message: "", line: 1, column: 1 };
    const start = env.opts.tags.variableStart;
    const notes = missing.slice(0, 200).map((place) => ({ ...place, expression: expressionAt(source, place, start) }));
    return stringify({ ...answer, missing: notes });
  };
})();
