import { type Incident, referenceOf } from '../../incidents/incident.js';
import { drawLineage, type LineagePicture } from '../../incidents/picture/lineage.js';
import type { Services } from '../../services.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { type IncidentCardData, loadCardData } from './incident-data.js';
import { nudge } from './incident-nudge.js';
import { closedReview, reviewCard } from './incident-review.js';
import { roleCard } from './incident-role.js';
import { announce, consumer, executive, main, neutral, owner, triage } from './incident-variants.js';

const publicVariants = { announce, triage, consumer, owner, executive };

/** Every message about an incident; the variant says for whom. */
export const incidentCardRenderer: CardRenderer = {
  kind: 'incident',
  render: async (services, id, { variant, reader = null, now }) => {
    const data = await loadCardData(services, id);
    if (data === null) return null;
    if (variant.startsWith('nudge-')) return nudge(services, data, variant.slice('nudge-'.length), now);
    if (variant.startsWith('role-'))
      return roleCard(services, data.incident, variant.slice('role-'.length), reader);
    if (variant === 'review-own') return reviewCard(services, data.incident);
    if (variant === 'review')
      return data.incident.private ? closedReview(data.incident) : reviewCard(services, data.incident);
    if (variant === 'main') return withPicture(services, data, main(services, data));
    const known = Object.entries(publicVariants).find(([name]) => name === variant)?.[1];
    if (known === undefined) return null;
    // Everything but the channel's own card stands where others than the members see it.
    if (data.incident.private) return neutral(data);
    // Answers name the incident, and lead to where it was announced.
    const isLinked = variant === 'announce' || variant === 'triage';
    const card: RenderedCard = { ...known(services, data), ...(isLinked ? { linked: true } : {}) };
    return variant === 'announce' && data.incident.channel_id === null
      ? withPicture(services, data, card)
      : card;
  },
};

/** Drawing takes a moment and a card is rendered often: the last few pictures are kept. */
const drawn = new Map<string, LineagePicture>();
const maxDrawn = 20;

async function pictureOf(title: string, key: string, data: IncidentCardData): Promise<LineagePicture> {
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const picture = await drawLineage(
    title,
    data.assets.map((asset) => ({
      assetId: asset.asset_id,
      name: asset.name,
      kind: asset.kind,
      relation: asset.relation,
      viaId: asset.via_id,
      tier: asset.tier,
      distance: asset.distance,
    })),
  );
  const oldest = drawn.keys().next();
  if (drawn.size >= maxDrawn && !oldest.done) drawn.delete(oldest.value);
  drawn.set(key, picture);
  return picture;
}

/** The picture is decoration: where it cannot be drawn the words are there without it. */
async function withPicture(
  services: Services,
  data: IncidentCardData,
  card: RenderedCard,
): Promise<RenderedCard> {
  if (data.assets.length < 2) return card;
  try {
    const title = `${referenceOf(data.incident)}: what is broken and what it reaches`;
    const key = pictureKey(data.incident, data.assets.length);
    const picture = await pictureOf(title, `${data.incident.id}:${key}`, data);
    return {
      ...card,
      image: {
        key,
        png: picture.png,
        title,
        altText: picture.altText,
      },
    };
  } catch (error) {
    services.log.warn(
      { err: error, incident: data.incident.number },
      'the lineage picture could not be drawn',
    );
    return card;
  }
}

function pictureKey(incident: Incident, assets: number): string {
  return `lineage-${referenceOf(incident).toLowerCase()}-${assets}`;
}
