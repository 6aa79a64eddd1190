package dev.podbond.cluster.yaml;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.source.LocatedException;
import java.util.List;

/// Reads a cluster's objects from YAML or JSON text.
public final class YamlObjects {
  private YamlObjects() {}

  /// The objects of a text, in its order; the elements of a `List` one by one.
  ///
  /// @param file the name of the text in messages
  /// @throws LocatedException if one of them is not understood
  public static List<ClusterObject> read(String file, String text) throws LocatedException {
    return readEach(file, text).all();
  }

  /// The same, but returns objects that are not understood beside the others.
  ///
  /// @throws LocatedException if the text as a whole is not YAML
  public static ReadObjects readEach(String file, String text) throws LocatedException {
    return ObjectReader.read(YamlReader.read(file, text));
  }
}
