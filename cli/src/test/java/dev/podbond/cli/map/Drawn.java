package dev.podbond.cli.map;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// A picture as a strict reader sees it.
final class Drawn {
  private final Document document;

  private Drawn(Document document) {
    this.document = document;
  }

  /// A rectangle where it is in the whole picture.
  record Rect(double x, double y, double width, double height, Element element) {
    boolean overlaps(Rect other) {
      return x < other.x + other.width
          && other.x < x + width
          && y < other.y + other.height
          && other.y < y + height;
    }
  }

  static Drawn read(String text) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(null);
    return new Drawn(builder.parse(new InputSource(new StringReader(text))));
  }

  List<Element> elements(String name) {
    List<Element> all = new ArrayList<>();
    NodeList found = document.getElementsByTagNameNS("*", name);
    for (int i = 0; i < found.getLength(); i++) {
      all.add((Element) found.item(i));
    }
    return all;
  }

  List<Element> ofClass(String name, String kind) {
    return elements(name).stream()
        .filter(element -> List.of(element.getAttribute("class").split(" ")).contains(kind))
        .toList();
  }

  /// All boxes.
  List<Rect> boxes() {
    return ofClass("rect", "box").stream().map(Drawn::rect).toList();
  }

  static Rect rect(Element box) {
    double y = number(box, "y");
    for (Node at = box.getParentNode(); at instanceof Element group; at = at.getParentNode()) {
      String move = group.getAttribute("transform");
      if (!move.isEmpty()) {
        y += Double.parseDouble(move.substring("translate(0,".length(), move.length() - 1));
      }
    }
    return new Rect(number(box, "x"), y, number(box, "width"), number(box, "height"), box);
  }

  static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  double width() {
    return number(elements("svg").getFirst(), "width");
  }

  double height() {
    return number(elements("svg").getFirst(), "height");
  }

  /// The names of all attributes.
  List<String> attributes() {
    List<String> names = new ArrayList<>();
    for (Element element : elements("*")) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        names.add(element.getAttributes().item(i).getNodeName());
      }
    }
    return names;
  }
}
