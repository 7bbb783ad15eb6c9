// Renders the table with the npm package in Node, the way Backstage sets it up. In: {context, sources}; out: texts, null where it fails.
const nunjucks = require("nunjucks");

const tags = { variableStart: "${{", variableEnd: "}}" };
const env = new nunjucks.Environment([], { autoescape: false, tags });

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const { context, sources } = JSON.parse(input);
  const texts = sources.map((source) => {
    try {
      return env.renderString(source, JSON.parse(JSON.stringify(context)));
    } catch {
      return null;
    }
  });
  process.stdout.write(JSON.stringify(texts));
});
