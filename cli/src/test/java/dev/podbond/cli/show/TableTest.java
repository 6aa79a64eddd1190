package dev.podbond.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableTest {
  private static final Table TABLE =
      new Table(
          List.of("name", "adminMac", "ips"),
          List.of(
              JsonObject.of(
                  "name",
                  new JsonString("a long name"),
                  "adminMac",
                  new JsonString(""),
                  "ips",
                  JsonArray.ofStrings(List.of("x", "y"))),
              JsonObject.of(
                  "name",
                  new JsonString("b"),
                  "adminMac",
                  JsonNumber.of(7),
                  "ips",
                  JsonArray.of())));

  @Test
  void alignsColumnsAndMarksEmptyCells() {
    assertThat(TABLE.toText())
        .isEqualTo(
            """
            NAME          ADMIN-MAC   IPS
            a long name   -           x, y
            b             7           -\
            """);
  }

  @Test
  void givesTheSameContentAsJson() {
    assertThat(TABLE.toJson())
        .hasToString(
            "[{\"name\":\"a long name\",\"adminMac\":\"\",\"ips\":[\"x\",\"y\"]},"
                + "{\"name\":\"b\",\"adminMac\":7,\"ips\":[]}]");
  }
}
