package dev.podbond.cli.map;

/// Colours and lines. Lost redundancy is red, and its words stand beside it: nothing is told by
/// colour alone.
final class Style {
  static final String TEXT =
      """
      :root { --back: #ffffff; --box: #f4f6f8; --edge: #8a949e; --text: #1c2024; --dim: #57606a;
        --bad: #c4121a; --badbox: #fdeceb; --r0: #2563a8; --r1: #6b3fa0; --r2: #1f7a78;
        --r3: #7a5c14; --r4: #4a5568; --r5: #8a3d78; }
      @media (prefers-color-scheme: dark) {
        :root { --back: #15181c; --box: #22272d; --edge: #76808a; --text: #e8ebee; --dim: #a5afb8;
          --bad: #ff8078; --badbox: #43191a; --r0: #79b0ee; --r1: #bd9af0; --r2: #62c7c3;
          --r3: #d7b35c; --r4: #b4bfcc; --r5: #e397cf; }
      }
      body { margin: 0; background: var(--back); color: var(--text); font-family: sans-serif; }
      form { position: sticky; top: 0; background: var(--back); padding: 8px 16px; }
      form label { margin-right: 20px; }
      .back { fill: var(--back); }
      svg { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
        background: var(--back); }
      svg text { fill: var(--text); white-space: pre; }
      svg text.dim { fill: var(--dim); }
      svg text.bad { fill: var(--bad); font-weight: bold; }
      svg text.title { font-size: 18px; font-weight: bold; }
      rect.box { fill: var(--box); stroke: var(--edge); }
      rect.lost { fill: var(--badbox); stroke: var(--bad); stroke-width: 2; }
      .tie { stroke: var(--edge); stroke-width: 1.5; fill: none; }
      .rail { stroke-width: 2; fill: none; }
      .active { stroke-width: 4; }
      .tie.lost { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 5 4; }
      .r0 { stroke: var(--r0); } .r1 { stroke: var(--r1); } .r2 { stroke: var(--r2); }
      .r3 { stroke: var(--r3); } .r4 { stroke: var(--r4); } .r5 { stroke: var(--r5); }
      circle { fill: var(--back); stroke-width: 2; }
      """;

  /// Rails have one of so many colours, beside the names that members have.
  static final int RAIL_COLOURS = 6;

  private Style() {}
}
