/// Where the plugins find the node that they run on.
package dev.podbond.plugins.node;
