import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../test/helpers/temp-files.js';
import { catalogFromArguments, parseSourceArgument, SourceArgumentError } from './from-arguments.js';
import { CatalogList, listCatalog, parseKind } from './list.js';
import { sourceContext } from './test-kit/source-context.js';

describe('--source', () => {
  it('is a type and a path, and the path may hold colons', () => {
    expect(parseSourceArgument('dbt-project:C:\\dbt')).toEqual({ type: 'dbt-project', path: 'C:\\dbt' });
  });

  it.each([
    ['dbt', /there is no source type "dbt"\. Write <type>:<path> with one of .*dbt-artifacts/],
    ['dbt-project', /the path is missing/],
    ['dbt-project:', /the path is missing/],
  ])('%s is wrong use, with what to write instead', (argument, sentence) => {
    expect(() => parseSourceArgument(argument)).toThrow(sentence);
    expect(() => parseSourceArgument(argument)).toThrow(SourceArgumentError);
  });

  it('may be given twice: the two stay apart, and the list shows both in full', async () => {
    const one = await tempFiles({
      'dbt_project.yml': 'name: one\n',
      'm.yml':
        'models: [{name: orders, columns: [{name: id, description: The key.}]}]\nmetrics: [{name: revenue, label: Revenue}]\n',
    });
    const two = await tempFiles({
      'dbt_project.yml': 'name: two\n',
      'm.yml': 'metrics: [{name: revenue}]\n',
    });
    const catalog = await catalogFromArguments([`dbt-project:${one}`, `dbt-project:${two}`], sourceContext());
    const list = CatalogList.parse(JSON.parse(JSON.stringify(listCatalog(catalog))));
    expect(list.assets.map((row) => [row.source, row.kind, row.source_id, row.label])).toEqual([
      ['dbt-project', 'model', 'model.one.orders', null],
      ['dbt-project', 'metric', 'metric.one.revenue', 'Revenue'],
      ['dbt-project-2', 'metric', 'metric.two.revenue', null],
      ['dbt-project', 'column', 'model.one.orders#id', null],
    ]);
    expect(listCatalog(catalog, 'metric').assets).toHaveLength(2);
    expect([parseKind('Metrics'), parseKind('column'), parseKind('dashboard')]).toEqual([
      'metric',
      'column',
      undefined,
    ]);
  });
});
