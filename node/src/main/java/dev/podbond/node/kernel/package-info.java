/// Makes the changes of plans on the running kernel.
package dev.podbond.node.kernel;
