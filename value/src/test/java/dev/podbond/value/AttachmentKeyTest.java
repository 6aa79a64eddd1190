package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttachmentKeyTest {
  @Test
  void isWrittenAsTheContainerAndTheInterfaceInIt() {
    assertThat(new AttachmentKey("3f2a", "net1")).hasToString("3f2a/net1");
  }
}
