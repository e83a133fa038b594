import { kindWord } from '../../answers/words.js';
import type { Asset } from '../../catalog/asset.js';
import type { CatalogView, Reached } from '../../catalog/view.js';
import { mayKnowOf } from '../../catalog/visibility.js';
import { drawLineage, type PictureAsset } from '../../incidents/picture/lineage.js';
import { section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';

/** The lineage of one asset as one person may see it; the id is `<asset id>|<person id>`, and the message goes to that person alone. */
export const lineagePictureCard: CardRenderer = {
  kind: 'lineage-picture',
  async render(services, id) {
    const [assetId = '', personId = ''] = id.split('|');
    const { view } = services.catalog.current();
    const asset = view.get(assetId);
    const person = await services.directory.byId(services.db, personId);
    if (!asset || person?.status !== 'active') return null;
    const mayName = (one: Asset): boolean =>
      mayKnowOf(one, { id: person.id, teams: person.teams }, services.config.catalog.visibility);
    if (!mayName(asset)) return null;
    const title = `What ${asset.label ?? asset.name} is built from, and what uses it`;
    const drawn = picturedAround(view, asset, mayName);
    const picture = await drawLineage(title, drawn);
    const text = escapeMrkdwn(picture.altText);
    return {
      text,
      blocks: [section(text)],
      image: {
        key: `lineage:${drawn.length}`,
        png: picture.png,
        title,
        altText: picture.altText,
      },
    };
  },
};

/** The boxes of the picture. What may not be named is left out, and what stands behind it is joined to the nearest thing that may. */
export function picturedAround(
  view: CatalogView,
  asset: Asset,
  mayName: (asset: Asset) => boolean,
): PictureAsset[] {
  const box = (one: Asset, relation: PictureAsset['relation'], viaId: string | null, distance: number) => ({
    assetId: one.id,
    name: one.label ?? one.name,
    kind: kindWord[one.kind],
    relation,
    viaId,
    tier: one.tier ?? null,
    distance,
  });
  const side = (reached: readonly Reached[], relation: PictureAsset['relation']): PictureAsset[] => {
    const byId = new Map(reached.map((one) => [one.asset.id, one]));
    const nearestNamed = (viaId: string): string => {
      const via = byId.get(viaId);
      return via === undefined || mayName(via.asset) ? viaId : nearestNamed(via.viaId);
    };
    return reached
      .filter((one) => mayName(one.asset))
      .map((one) => box(one.asset, relation, nearestNamed(one.viaId), one.distance));
  };
  return [
    box(asset, 'asked', null, 0),
    ...side(view.upstream(asset.id), 'upstream'),
    ...side(view.downstream(asset.id), 'used'),
  ];
}
