package dev.podbond.cli.map;

import dev.podbond.cli.show.Label;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// A topology as a page that shows its picture and can leave pods out of it. It asks no network,
/// and its policy lets a browser run its own lines alone. It is XML as well, so that a test can
/// read it as strictly.
public final class HtmlPage {
  private static final String SCRIPT =
      """
      'use strict';
      (function () {
        var form = document.getElementById('filter'), text = document.getElementById('text');
        var bad = document.getElementById('bad'), count = document.getElementById('count');
        var svg = document.getElementsByTagName('svg')[0];
        var whole = Number(svg.getAttribute('height'));
        var nodes = Array.from(svg.querySelectorAll('g.node')).map(function (node) {
          return { node: node, whole: Number(node.dataset.whole), top: node.transform.baseVal.getItem(0).matrix.f };
        });
        function show() {
          var wanted = text.value.toLowerCase(), shown = 0, all = 0, saved = 0;
          nodes.forEach(function (one) {
            var y = 0, height = 0;
            one.node.querySelectorAll('g.pod').forEach(function (pod) {
              var fits = pod.textContent.toLowerCase().includes(wanted) ?
                (bad.checked ? pod.dataset.health !== 'Healthy' : true) : false;
              all += 1;
              pod.style.display = fits ? '' : 'none';
              if (fits) {
                pod.setAttribute('transform', 'translate(0,' + y + ')');
                y += Number(pod.dataset.height);
                shown += 1;
              }
            });
            height = Math.max(y, Number(one.node.dataset.floor));
            one.node.querySelectorAll('.whole').forEach(function (rail) {
              rail.setAttribute('y2', height);
            });
            one.node.setAttribute('transform', 'translate(0,' + (one.top - saved) + ')');
            saved += one.whole - height;
          });
          svg.setAttribute('height', whole - saved);
          svg.setAttribute('viewBox', '0 0 ' + svg.getAttribute('width') + ' ' + (whole - saved));
          count.textContent = shown + ' of ' + all + ' pods shown';
        }
        form.hidden = false;
        form.addEventListener('submit', function (event) { event.preventDefault(); });
        text.addEventListener('input', show);
        bad.addEventListener('change', show);
        show();
      }());
      """;

  private HtmlPage() {}

  /// The page.
  ///
  /// @param title what the picture is of
  public static String of(Topology topology, String title) {
    Markup page = new Markup();
    page.raw("<!DOCTYPE html>\n")
        .open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml")
        .line()
        .open("head")
        .empty("meta", "charset", "utf-8")
        .line()
        .empty(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; style-src '"
                + hash(Style.TEXT)
                + "'; script-src '"
                + hash(SCRIPT)
                + "'")
        .line()
        .empty("meta", "name", "viewport", "content", "width=device-width")
        .element("title", Label.tooltip(title))
        .line()
        .raw("<style>" + Style.TEXT + "</style>")
        .close("head")
        .line()
        .open("body")
        .line();
    page.open("form", "id", "filter", "hidden", "hidden", "role", "search")
        .open("label")
        .text("Pod, bond, VF or PF: ")
        .empty("input", "id", "text", "type", "search", "autocomplete", "off")
        .close("label")
        .open("label")
        .empty("input", "id", "bad", "type", "checkbox")
        .text(" unhealthy only")
        .close("label")
        .element("output", "", "id", "count", "aria-live", "polite")
        .close("form")
        .line()
        .element("noscript", "Without scripts the picture shows all pods.")
        .line()
        .open("main")
        .raw(SvgPicture.part(topology, title))
        .close("main")
        .line()
        .raw("<script>" + SCRIPT + "</script>")
        .close("body")
        .close("html")
        .line();
    return page.toString();
  }

  /// Of a text of ours: a browser applies no other, however it came into the page.
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
