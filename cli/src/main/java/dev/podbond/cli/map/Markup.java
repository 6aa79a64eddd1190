package dev.podbond.cli.map;

import dev.podbond.json.Printable;

/// Text with elements, well formed as XML whatever is put into it. Characters without a visible
/// shape become their numbers, those that mean something in XML or HTML their references.
final class Markup {
  private final StringBuilder text = new StringBuilder();

  /// Begins an element.
  ///
  /// @param attributes names and values in turn; an empty name has none of both
  Markup open(String element, Object... attributes) {
    begin(element, attributes);
    text.append('>');
    return this;
  }

  /// Ends an element.
  Markup close(String element) {
    text.append("</").append(element).append('>');
    return this;
  }

  /// An element without content.
  Markup empty(String element, Object... attributes) {
    begin(element, attributes);
    text.append("/>");
    return this;
  }

  /// An element with a text.
  Markup element(String element, String content, Object... attributes) {
    return open(element, attributes).text(content).close(element);
  }

  /// A text of any origin.
  Markup text(String content) {
    escape(content);
    return this;
  }

  /// A text of ours that is markup, or that an element takes as it is.
  Markup raw(String ours) {
    text.append(ours);
    return this;
  }

  Markup line() {
    text.append('\n');
    return this;
  }

  private void begin(String element, Object... attributes) {
    text.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      if (!attributes[i].equals("")) {
        text.append(' ').append(attributes[i]).append("=\"");
        escape(attributes[i + 1].toString());
        text.append('"');
      }
    }
  }

  private void escape(String content) {
    String line = Printable.line(content);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        case '"' -> text.append("&quot;");
        case '\'' -> text.append("&#39;");
        default -> text.append(c);
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
