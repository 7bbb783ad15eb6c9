((script, module) => {
  const wake = async (root, islands) => {
    const outer = [];
    const visit = async (node) => {
      const tag = node.localName;
      if (tag === "leptos-island") {
        outer.at(-1)?.();
        const name = node.dataset.component;
        if (name in islands) await islands[name](node);
        else console.warn(`The island ${name} is not in the module; reload the page.`);
      }
      if (tag === "leptos-children") outer.push(node.$$on_hydrate);
      for (const child of node.children) await visit(child);
      if (tag === "leptos-children") outer.pop();
    };
    await visit(root);
  };
  const start = async () => {
    const islands = await import(script);
    await islands.default({ module_or_path: module });
    islands.hydrate();
    await wake(document.body, islands);
    document.documentElement.dataset.awake = "";
  };
  "requestIdleCallback" in window ? requestIdleCallback(start) : start();
})
