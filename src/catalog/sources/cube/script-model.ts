import { type Expression, type ObjectExpression, type Property, parse } from 'acorn';
import { isPlainObject, type PlainObject } from '../../meta/values.js';

/**
 * Cubes and views of a model that is written in JavaScript, as plain objects in the spelling of the YAML model. The file is read and never run: what
 * is computed (a function, an import) stays unknown, and its key is left out.
 *
 * @throws SyntaxError when the file is no JavaScript.
 */
export function scriptModel(text: string): { cubes: PlainObject[]; views: PlainObject[] } {
  const program = parse(text, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowReturnOutsideFunction: true,
  });
  const found: { cubes: PlainObject[]; views: PlainObject[] } = { cubes: [], views: [] };
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') continue;
    const { callee, arguments: given } = statement.expression;
    const [named, definition] = given;
    if (callee.type !== 'Identifier' || named === undefined || definition?.type !== 'ObjectExpression')
      continue;
    const name = named.type === 'SpreadElement' ? undefined : worthOf(named, text);
    if (typeof name !== 'string') continue;
    const written = { ...asModel(objectOf(definition, text)), name };
    if (callee.name === 'cube') found.cubes.push(written);
    if (callee.name === 'view') found.views.push(written);
  }
  return found;
}

/** Members by name become a list, and keys are written as in YAML. */
function asModel(cube: PlainObject): PlainObject {
  const model = snakeKeys(cube);
  for (const key of ['measures', 'dimensions', 'segments']) {
    const members = model[key];
    if (!isPlainObject(members)) continue;
    model[key] = Object.entries(members).flatMap(([name, member]) =>
      isPlainObject(member) ? [{ ...snakeKeys(member), name }] : [],
    );
  }
  if (Array.isArray(model.cubes))
    model.cubes = model.cubes.map((part) => (isPlainObject(part) ? snakeKeys(part) : part));
  return model;
}

/** Keys as in YAML; what people put under `meta` stays as they wrote it. */
function snakeKeys(object: PlainObject): PlainObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const known = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
      return [known, known === 'rolling_window' && isPlainObject(value) ? snakeKeys(value) : value];
    }),
  );
}

function objectOf(node: ObjectExpression, text: string): PlainObject {
  const entries = node.properties.flatMap((property): [string, unknown][] => {
    if (property.type !== 'Property' || property.kind !== 'init' || property.method) return [];
    const key = keyOf(property, text);
    const value = worthOf(property.value, text);
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

function keyOf(property: Property, text: string): string | undefined {
  if (property.computed) return undefined;
  if (property.key.type === 'Identifier') return property.key.name;
  const key = worthOf(property.key, text);
  return key === undefined ? undefined : String(key);
}

/** What a literal is worth. A name stands for the member or cube of that name, and a function `() => expression` for its expression. */
function worthOf(node: Expression, text: string): unknown {
  switch (node.type) {
    case 'Literal':
      return node.value ?? undefined;
    case 'TemplateLiteral':
      return templateText(node.quasis, node.expressions, text);
    case 'ObjectExpression':
      return objectOf(node, text);
    case 'ArrayExpression':
      return node.elements.flatMap((item) =>
        item === null || item.type === 'SpreadElement' ? [] : (worthOf(item, text) ?? []),
      );
    case 'Identifier':
      return node.name === 'undefined' ? undefined : node.name;
    case 'MemberExpression':
      return text.slice(node.start, node.end);
    case 'ArrowFunctionExpression':
      return node.body.type === 'BlockStatement' ? undefined : worthOf(node.body, text);
    case 'UnaryExpression':
      return node.operator === '-' && node.argument.type === 'Literal'
        ? -Number(node.argument.value)
        : undefined;
    default:
      return undefined;
  }
}

/** The text of a template with its expressions as they are written, in the curly brackets that YAML has too. */
function templateText(
  quasis: readonly { value: { cooked?: string | null } }[],
  expressions: readonly Expression[],
  text: string,
): string {
  return quasis
    .map((quasi, index) => {
      const expression = expressions[index];
      const written = expression === undefined ? '' : `{${text.slice(expression.start, expression.end)}}`;
      return `${quasi.value.cooked ?? ''}${written}`;
    })
    .join('');
}
