/**
 * The aggregates of pg_catalog, PostgreSQL 13 to 18, ordered-set ones among them: called in a select list they make one row of
 * many. Window functions are not here: they are told by their OVER, as an aggregate is that is used as one.
 *
 * When a new version of PostgreSQL comes, test/integration/built-in-functions.test.ts names what is missing here.
 */
import { wordsOf } from './word-list.js';

export function isBuiltInAggregate(name: string): boolean {
  known ??= new Set(wordsOf(AGGREGATES));
  return known.has(name);
}

let known: ReadonlySet<string> | undefined;

const AGGREGATES = `
  any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist dense_rank every
  json_agg json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict
  jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique
  jsonb_object_agg_unique_strict max min mode percent_rank percentile_cont percentile_disc range_agg range_intersect_agg rank
  regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp
  string_agg sum var_pop var_samp variance xmlagg
`;
