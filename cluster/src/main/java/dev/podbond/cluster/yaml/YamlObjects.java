package dev.podbond.cluster.yaml;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.source.LocatedException;
import java.util.List;

/// Reads a cluster's objects from YAML or JSON text.
public final class YamlObjects {
  private YamlObjects() {}

  /// The objects of a text, in its order; those of a `List` one by one.
  ///
  /// @param file what to call the text in messages
  /// @throws LocatedException if one of them is not understood
  public static List<ClusterObject> read(String file, String text) throws LocatedException {
    return readEach(file, text).all();
  }

  /// The same, with what is not understood beside what is.
  ///
  /// @throws LocatedException if the text as a whole is no YAML
  public static ReadObjects readEach(String file, String text) throws LocatedException {
    return ObjectReader.read(YamlReader.read(file, text));
  }
}
