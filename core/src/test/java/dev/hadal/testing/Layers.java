package dev.hadal.testing;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The floors of a house and the rooms on them: a class may use its own room and every room on a
 * lower floor.
 *
 * <p>A room is a package with all packages below it that are not rooms themselves.
 */
public final class Layers {
  private final Map<String, Integer> floors = new HashMap<>();
  private int height;

  private Layers() {}

  /** A house without floors. */
  public static Layers lowestFirst() {
    return new Layers();
  }

  /** Adds a floor above the others. */
  public Layers floor(String... rooms) {
    for (String room : rooms) {
      floors.put(room, height);
    }
    height++;
    return this;
  }

  /**
   * A condition that a class breaks by using a room beside or above its own, or by standing in
   * none.
   */
  public ArchCondition<JavaClass> onlyLookDown() {
    return new ArchCondition<>("use only their own room and lower floors") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Optional<String> own = room(type);
        if (own.isEmpty()) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " stands in no room; give its package a floor"));
          return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          room(dependency.getTargetClass().getBaseComponentType())
              .filter(target -> !target.equals(own.get()))
              .filter(target -> floors.get(target) >= floors.get(own.get()))
              .ifPresent(target ->
                  events.add(
                      SimpleConditionEvent.violated(
                          type, "looks up: " + dependency.getDescription())));
        }
      }
    };
  }

  private Optional<String> room(JavaClass type) {
    for (String name = type.getPackageName();
        !name.isEmpty();
        name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
      if (floors.containsKey(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }
}
