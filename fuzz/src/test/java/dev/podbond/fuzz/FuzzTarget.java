package dev.podbond.fuzz;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/// A method with the annotation `@FuzzTest`.
///
/// @param name as `JsonFuzz.document`
record FuzzTarget(String name, Object instance, Method method) {
  /// @param name as `JsonFuzz.document`
  static FuzzTarget named(String name) {
    String[] parts = name.split("\\.");
    try {
      Class<?> type = Class.forName(FuzzTarget.class.getPackageName() + "." + parts[0]);
      Constructor<?> constructor = type.getDeclaredConstructor();
      Method method = type.getDeclaredMethod(parts[1], byte[].class);
      return new FuzzTarget(name, constructor.newInstance(), method);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("there is no target " + name, e);
    }
  }

  /// Returns normally if all promises hold for this input.
  void run(byte[] input) throws Throwable {
    try {
      method.invoke(instance, (Object) input);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
