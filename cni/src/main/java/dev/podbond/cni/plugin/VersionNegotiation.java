package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Decides whether a verb is allowed for a configured version.
///
/// @param command the verb
/// @param supported the versions of the plugin, oldest first
record VersionNegotiation(CniCommand command, List<CniVersion> supported) {

  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9})(?:\\.(\\d{1,9}))?)?");

  /// The version of the configuration.
  ///
  /// @throws CniException with code 1 if the plugin does not support the version, or the version
  ///   does not have the verb; with code 6 if the text is not a version and the verb depends on its
  ///   age
  CniVersion negotiate(String configured) throws CniException {
    switch (command) {
      case ADD, DEL, VERSION -> {}
      case CHECK -> requireVerb(configured, CniVersion.V0_4_0);
      case GC, STATUS -> requireVerb(configured, CniVersion.V1_1_0);
    }
    Optional<CniVersion> version = CniVersion.of(configured).filter(supported::contains);
    return version.orElseThrow(() ->
        new CniException(
            CniErrorCode.INCOMPATIBLE_VERSION,
            "incompatible CNI versions",
            "config is \"" + configured + "\", plugin supports " + quoted(supported)));
  }

  private void requireVerb(String configured, CniVersion since) throws CniException {
    int[] numbers = numbers(configured);
    if (Arrays.compare(numbers, numbers(since.text())) < 0) {
      throw incompatible("config version does not allow " + command, configured);
    }
    if (Arrays.compare(numbers, numbers(supported.getLast().text())) > 0) {
      throw incompatible("plugin version does not allow " + command, configured);
    }
  }

  private CniException incompatible(String msg, String configured) {
    return new CniException(
        CniErrorCode.INCOMPATIBLE_VERSION,
        msg,
        "config is \"" + configured + "\", plugin supports " + quoted(supported));
  }

  private static int[] numbers(String version) throws CniException {
    Matcher matcher = NUMBERS.matcher(version);
    if (!matcher.matches()) {
      throw new CniException(
          CniErrorCode.DECODING_FAILURE, "cniVersion is not a version: \"" + version + "\"");
    }
    int[] numbers = new int[3];
    for (int i = 0; i < numbers.length; i++) {
      String part = matcher.group(i + 1);
      numbers[i] = part == null ? 0 : Integer.parseInt(part);
    }
    return numbers;
  }

  private static String quoted(List<CniVersion> versions) {
    return versions.stream()
        .map(version -> "\"" + version.text() + "\"")
        .collect(Collectors.joining(" ", "[", "]"));
  }
}
