import { parseBoolean } from './boolean.js';
import type { ClientCall } from './walk.js';
import type { Word } from './commands/call.js';
import type { Fault } from './faults.js';
import { applyPset, toggleAligned } from './pset.js';
import type { Show } from '../model/script.js';

/** What `\pset`, its short forms and `\timing` make of how results are shown. */
export type ShowCall = Extract<ClientCall, { readonly kind: 'print-option' | 'toggle-aligned' | 'timing' }>;

export function isShowCall(call: ClientCall): call is ShowCall {
  return call.kind === 'print-option' || call.kind === 'toggle-aligned' || call.kind === 'timing';
}

export type Shown =
  { readonly ok: true; readonly show: Show } | { readonly ok: false; readonly fault: Fault };

export function changeShow(show: Show, call: ShowCall): Shown {
  switch (call.kind) {
    case 'toggle-aligned':
      return { ok: true, show: { ...show, print: toggleAligned(show.print) } };
    case 'timing':
      return changeTiming(show, call.value?.text);
    case 'print-option':
      return changeOption(show, call.name, call.value);
  }
}

/** For one statement, as `\g (option=value …)` says. */
export function changeOption(show: Show, name: string, value: Word | undefined): Shown {
  const changed = applyPset(show.print, name, value?.text);
  return changed.ok ? { ok: true, show: { ...show, print: changed.settings } } : changed;
}

function changeTiming(show: Show, text: string | undefined): Shown {
  const timing = text === undefined ? !show.timing : parseBoolean(text);
  if (timing !== undefined) return { ok: true, show: { ...show, timing } };
  return {
    ok: false,
    fault: {
      message: `unrecognized value "${text ?? ''}" for "\\timing": Boolean expected`,
      hint: 'say on or off',
    },
  };
}
