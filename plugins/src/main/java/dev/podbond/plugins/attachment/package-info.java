/// What a call wants: a bond, a VF or a VLAN as one kind of specification. Pure.
package dev.podbond.plugins.attachment;
