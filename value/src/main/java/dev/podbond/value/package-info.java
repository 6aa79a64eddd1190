/// Values of the network, each valid once it exists.
package dev.podbond.value;
