const owners = `ownership { owners { owner {
  ... on CorpUser { username properties { displayName email } }
  ... on CorpGroup { name properties { displayName email } }
} } }`;
const around = `
  tags { tags { tag { name properties { name } } } }
  glossaryTerms { terms { term { properties { name } } } }
  domain { domain { properties { name } } }
  deprecation { deprecated note decommissionTime }`;
const upstream = `upstream: lineage(input: { direction: UPSTREAM, start: 0, count: 200 }) { relationships { entity { urn } } }`;

/**
 * One page of everything that is read, for the GraphQL API of DataHub. Kept in one place, because a test checks it against DataHub's published
 * schema.
 */
export const scrollQuery = `query catalog($types: [EntityType!]!, $scrollId: String) {
  scrollAcrossEntities(input: { types: $types, query: "*", count: 100, scrollId: $scrollId }) {
    nextScrollId
    searchResults {
      entity {
        urn
        type
        ... on Dataset {
          name
          status { removed }
          platform { name }
          properties { name qualifiedName description externalUrl customProperties { key value } }
          editableProperties { description }
          editableSchemaMetadata { editableSchemaFieldInfo { fieldPath description tags { tags { tag { name } } } } }
          schemaMetadata { fields { fieldPath nativeDataType description tags { tags { tag { name } } } } }
          ${owners}
          ${around}
          ${upstream}
        }
        ... on GlossaryTerm {
          hierarchicalName
          termProperties: properties { name description customProperties { key value } }
          ${owners}
          domain { domain { properties { name } } }
          deprecation { deprecated note decommissionTime }
        }
        ... on Dashboard {
          dashboardId
          tool
          status { removed }
          dashboardProperties: properties { name description externalUrl customProperties { key value } }
          ${owners}
          ${around}
          ${upstream}
        }
      }
    }
  }
}`;

export const entityTypes = ['DATASET', 'GLOSSARY_TERM', 'DASHBOARD'] as const;
