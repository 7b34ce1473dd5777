import type { Scene } from './scene.js';
import { blocksOfCode, cursors, rights, sessionObjects, settings, upkeep } from './sessions.js';
import { alterations } from './alterations.js';
import { anew } from './anew.js';
import { corners } from './corners.js';
import { cornersOfCode } from './corners-of-code.js';
import { comments, definitions, replication, search } from './definitions.js';
import { constraints, indexes } from './constraints.js';
import { functions, opaque } from './functions.js';
import { heirs } from './heirs.js';
import { loads } from './loads.js';
import { evaluations } from './evaluations.js';
import { names } from './names.js';
import { rows } from './rows.js';
import { rules, views } from './views.js';
import { schemas } from './schemas.js';
import { sequences, types } from './sequences.js';
import { tables } from './tables.js';
import { episodes } from './episodes.js';
import { eventTriggers, triggers } from './triggers.js';
import type { Family, Maker } from './maker.js';

/** All families. A program is about a few of them, so that its statements have something to do with each other. */
const FAMILIES: Readonly<Record<string, Family>> = {
  schemas,
  heirs,
  views,
  rules,
  functions,
  triggers,
  eventTriggers,
  constraints,
  indexes,
  sequences,
  types,
  settings,
  rights,
  blocksOfCode,
  opaque,
  upkeep,
  definitions,
  search,
  replication,
  comments,
  alterations,
  names,
  evaluations,
  corners,
  cornersOfCode,
  episodes,
  anew,
  loads,
};

/** Every program has them. */
const ALWAYS: readonly Maker[] = [...tables, ...rows];

export const FAMILY_NAMES = Object.keys(FAMILIES);

/** How much more often a program makes statements of the families that it is about. */
const FAVOUR = 3;

export class Choice {
  readonly #makers: readonly { readonly maker: Maker; readonly weight: number }[];

  constructor(favoured: readonly string[], hasTemporary: boolean) {
    const others = FAMILY_NAMES.flatMap((name) => {
      const factor = favoured.includes(name) ? FAVOUR : 0.25;
      return (FAMILIES[name] ?? []).map((maker) => ({ maker, weight: maker.weight * factor }));
    });
    const own = hasTemporary ? [...sessionObjects, ...cursors] : [];
    this.#makers = [...[...ALWAYS, ...own].map((maker) => ({ maker, weight: maker.weight })), ...others];
  }

  /** A statement that can be made, and its maker. */
  make(scene: Scene): { readonly text: string; readonly maker: Maker } {
    const makers = this.#makers.filter(({ maker }) => !(scene.inBlock && maker.alone === true));
    const total = makers.reduce((sum, { weight }) => sum + weight, 0);
    for (;;) {
      let at = scene.random.next() * total;
      const chosen = makers.find(({ weight }) => (at -= weight) < 0)?.maker;
      const text = chosen?.make(scene);
      if (chosen !== undefined && text !== undefined) return { text, maker: chosen };
    }
  }
}
