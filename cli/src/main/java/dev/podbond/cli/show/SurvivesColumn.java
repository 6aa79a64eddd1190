package dev.podbond.cli.show;

import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;

/// The column of a wide table of bonds: what each survives.
public final class SurvivesColumn {
  private static final String NAME = "survives";

  private SurvivesColumn() {}

  /// The table with the column.
  ///
  /// @param bonds rows with the answers as an agent writes them
  public static Table in(Table bonds) {
    List<String> columns = new ArrayList<>(bonds.columns());
    columns.add(NAME);
    return new Table(columns, bonds.rows().stream().map(SurvivesColumn::inWords).toList());
  }

  private static JsonObject inWords(JsonObject bond) {
    return bond.with(
        NAME, new JsonString(Survival.ofJson(LenientObject.objects(bond, NAME)).toString()));
  }
}
