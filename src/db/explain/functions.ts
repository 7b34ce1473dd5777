import type { ExplainConnection } from './connection.js';
import { checkedDomains, unsafeCalls, type Called, type CalledQuery, type CheckedDomain } from './called.js';
import type { Factor } from './trials.js';

/** What a statement calls that workers may not, as trials: each is declared PARALLEL SAFE, or not called any more. */
export async function callFactors(
  connection: ExplainConnection,
  query: CalledQuery,
): Promise<readonly Factor[]> {
  const calls = await unsafeCalls(connection, query);
  const domains = await checkedDomains(connection, query.query);
  return [...calls.map(callFactor), ...domains.map(domainFactor)];
}

function callFactor(called: Called): Factor {
  const { signature, mark, isAggregate, operator, remade } = called;
  const what = isAggregate ? 'aggregate' : 'function';
  const behind = operator === undefined ? '' : `, behind operator ${operator},`;
  return {
    sql: remade ?? alter(signature),
    change: `${signature} PARALLEL SAFE`,
    reasons: [
      {
        kind: 'function',
        text: `${what} ${signature}${behind} is PARALLEL ${mark}`,
        fix: callFix(called),
      },
    ],
  };
}

function callFix({ signature, isAggregate, isBuiltIn }: Called): string {
  if (isBuiltIn)
    return 'PostgreSQL marks it so with reason: leave it out, or call it in a statement of its own';
  return isAggregate
    ? 'if its functions neither write nor keep state: CREATE OR REPLACE AGGREGATE … (…, PARALLEL = SAFE)'
    : `if it neither writes nor keeps state: ${alter(signature)}`;
}

function alter(signature: string): string {
  return `ALTER FUNCTION ${signature} PARALLEL SAFE`;
}

function domainFactor({ name, drops }: CheckedDomain): Factor {
  return {
    sql: drops.join(';\n'),
    change: `no constraint on domain ${name}`,
    reasons: [
      {
        kind: 'domain',
        text: `a cast to domain ${name} checks a constraint, which workers may not`,
        fix: `cast to the type beneath ${name}; what is stored is checked anyway`,
      },
    ],
  };
}
