/** Markup as tagged templates: every value is escaped unless it is markup itself. */

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

class Markup {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

export function html(parts, ...values) {
  return new Markup(String.raw({ raw: parts }, ...values.map(render)));
}

/** Markup that the library wrote; never a person's input. */
export function trusted(text) {
  return new Markup(text);
}

function render(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  if (value === undefined || value === false) return '';
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]);
}
