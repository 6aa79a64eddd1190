/// The two network namespaces of one attachment, each with a socket into it.
package dev.podbond.node.netns;
