import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../src/model/plan.js';
import { planDot } from '../../../../src/report/plan/dot.js';
import { planMermaid } from '../../../../src/report/plan/mermaid.js';
import { conflict, planOf, smallPlan, turn } from '../../plan/made-plan.js';

/** Names that would end a label, or mean something in one. */
function awkwardPlan(): Plan {
  const reason = 'a "quoted" \\N & <b>`x`</b> #35; {"é"}\nline | two; end';
  return planOf(
    [{ name: 'dir "a"\\b.sql:1' }, { alone: { reason, isOpaque: false } }],
    [conflict([0, 1], 'table public."a|b]"', ['append', 'read'])],
  );
}

/** Many jobs behind many. */
function gatedPlan(): Plan {
  const jobs = [0, 1, 2].map(() => ({}));
  return planOf(
    [...jobs, { isGate: true }, ...jobs],
    [...[0, 1, 2].map((from) => turn(from, 3)), ...[4, 5, 6].map((to) => turn(3, to))],
  );
}

describe('dot', () => {
  it('draws pieces as one node, barriers as octagons, no implied arrows', () => {
    expect(planDot(smallPlan())).toBe(`digraph plan {
  node [shape=box];
  j0 [label="a.sql:1\\n1 statement", style=bold];
  j1 [label="a.sql:2\\nsplit into 4 pieces of 25 rows", style=bold];
  j5 [label="a.sql:3\\n1 statement"];
  j6 [label="a.sql:4\\n1 statement", style=bold];
  j7 [label="a.sql:5\\n1 statement"];
  j8 [label="a.sql:6\\n1 statement\\nruns alone: what CREATE EXTENSION makes cannot be told", shape=octagon, style=bold];
  j9 [label="a.sql:7\\n1 statement", style=bold];
  j0 -> j1 [label="table public.t: define, then append", style="bold"];
  j1 -> j5 [label="table public.t: append, then index"];
  j1 -> j6 [label="table public.t: append, then read", style="bold"];
  j5 -> j8 [style="dashed"];
  j6 -> j8 [style="dashed,bold"];
  j7 -> j8 [style="dashed"];
  j8 -> j9 [style="dashed,bold"];
}
`);
  });

  it('escapes what would mean something', () => {
    const text = planDot(awkwardPlan());
    expect(text).toContain('j0 [label="dir \\"a\\"\\\\b.sql:1\\n1 statement"');
    expect(text).toContain(
      'runs alone: a \\"quoted\\" \\\\N &amp; <b>`x`</b> #35; {\\"é\\"} line | two; end"',
    );
    expect(text).toContain('label="table public.\\"a|b]\\": append, then read"');
  });

  it('has gates where they save arrows', () => {
    expect(planDot(gatedPlan())).toContain('g3 [shape=point];');
    expect(planDot(gatedPlan()).match(/->/g)).toHaveLength(6);
    const few = planOf([{}, {}, { isGate: true }, {}], [turn(0, 2), turn(1, 2), turn(2, 3)]);
    expect(planDot(few)).not.toContain('g2');
    expect(planDot(few)).toContain('j1 -> j3');
  });
});

describe('mermaid', () => {
  it('draws the same', () => {
    expect(planMermaid(smallPlan())).toBe(`flowchart TD
  j0["a.sql:1<br/>1 statement"]
  j1["a.sql:2<br/>split into 4 pieces of 25 rows"]
  j5["a.sql:3<br/>1 statement"]
  j6["a.sql:4<br/>1 statement"]
  j7["a.sql:5<br/>1 statement"]
  j8{{"a.sql:6<br/>1 statement<br/>runs alone: what CREATE EXTENSION makes cannot be told"}}
  j9["a.sql:7<br/>1 statement"]
  j0 -->|"table public.t: define, then append"| j1
  j1 -->|"table public.t: append, then index"| j5
  j1 -->|"table public.t: append, then read"| j6
  j5 -.-> j8
  j6 -.-> j8
  j7 -.-> j8
  j8 -.-> j9
  classDef critical stroke-width:3px
  class j0,j1,j6,j8,j9 critical
`);
  });

  it('escapes what would mean something', () => {
    const text = planMermaid(awkwardPlan());
    expect(text).toContain('j0["dir #34;a#34;#92;b.sql:1<br/>1 statement"]');
    expect(text).toContain(
      'a #34;quoted#34; #92;N #38; #60;b#62;#96;x#96;#60;/b#62; #35;35; #123;#34;é#34;#125; line #124; two; end',
    );
  });

  it('makes no list of what begins like one', () => {
    expect(planMermaid(planOf([{ name: '1. make.sql:3' }], []))).toContain('j0["1#46; make.sql:3<br/>');
  });

  it('has gates, too', () => {
    expect(planMermaid(gatedPlan())).toContain('g3((" "))');
  });
});
