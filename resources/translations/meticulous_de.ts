<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Meticulous</source>
        <translation>Über Meticulous</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Networks and data</source>
        <translation>Netze und Daten</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Icon</source>
        <translation>Symbol</translation>
    </message>
    <message>
        <source>&lt;h2&gt;Meticulous {version}&lt;/h2&gt;&lt;p&gt;Cuts objects out of photographs, on this computer and nowhere else: no photo, mask or click ever leaves it.&lt;/p&gt;&lt;p&gt;Licensed under the Apache License 2.0. Uses Qt {qt} under the LGPL, version 3.&lt;/p&gt;&lt;p&gt;The networks were trained on research data whose photographs have mixed or unknown rights; the third tab names each set.&lt;/p&gt;</source>
        <translation>&lt;h2&gt;Meticulous {version}&lt;/h2&gt;&lt;p&gt;Schneidet Objekte aus Fotos aus, auf diesem Rechner und nirgends sonst: Kein Foto, keine Maske und kein Klick verlässt ihn.&lt;/p&gt;&lt;p&gt;Lizenziert unter der Apache-Lizenz 2.0. Verwendet Qt {qt} unter der LGPL, Version 3.&lt;/p&gt;&lt;p&gt;Die Netze wurden mit Forschungsdaten trainiert, deren Fotos gemischte oder unbekannte Rechte haben; der dritte Reiter nennt jede Sammlung.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Parts of the program</source>
        <translation>Teile des Programms</translation>
    </message>
    <message>
        <source>Text of the licence</source>
        <translation>Text der Lizenz</translation>
    </message>
</context>
<context>
    <name>Action</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take back the newest step; a network that still runs is stopped.</source>
        <translation>Den neuesten Schritt zurücknehmen; ein Netz, das noch läuft, wird angehalten.</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Do again what was taken back.</source>
        <translation>Noch einmal tun, was zurückgenommen wurde.</translation>
    </message>
    <message>
        <source>Copy the cut-out</source>
        <translation>Freigestelltes kopieren</translation>
    </message>
    <message>
        <source>Put the cut-out on the clipboard, smaller if above 16 megapixels.</source>
        <translation>Das freigestellte Objekt in die Zwischenablage legen, über 16 Megapixeln verkleinert.</translation>
    </message>
    <message>
        <source>Copy the cut-out in full size</source>
        <translation>Freigestelltes in voller Größe kopieren</translation>
    </message>
    <message>
        <source>Put the cut-out on the clipboard with all its pixels.</source>
        <translation>Das freigestellte Objekt mit allen Pixeln in die Zwischenablage legen.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Drop the stroke in hand, or stop the network and keep its work.</source>
        <translation>Den begonnenen Strich fallen lassen oder das Netz anhalten und seine Arbeit behalten.</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Choose colours, networks, your own keys and other habits.</source>
        <translation>Farben, Netze, eigene Tasten und andere Gewohnheiten wählen.</translation>
    </message>
    <message>
        <source>Open a photo…</source>
        <translation>Foto öffnen…</translation>
    </message>
    <message>
        <source>Choose one or more photos, or drop them on the window.</source>
        <translation>Ein oder mehrere Fotos wählen oder auf das Fenster ziehen.</translation>
    </message>
    <message>
        <source>Open the sample photo</source>
        <translation>Beispielfoto öffnen</translation>
    </message>
    <message>
        <source>Open a photo that comes with the program, to try things out.</source>
        <translation>Ein Foto öffnen, das dem Programm beiliegt, zum Ausprobieren.</translation>
    </message>
    <message>
        <source>Use a mask from a file…</source>
        <translation>Maske aus einer Datei nehmen…</translation>
    </message>
    <message>
        <source>Put a mask or annotations of another program on this photo.</source>
        <translation>Eine Maske oder Annotationen eines anderen Programms auf dieses Foto legen.</translation>
    </message>
    <message>
        <source>Paste a picture</source>
        <translation>Bild einfügen</translation>
    </message>
    <message>
        <source>Open the picture, or the file, that lies on the clipboard.</source>
        <translation>Das Bild oder die Datei aus der Zwischenablage öffnen.</translation>
    </message>
    <message>
        <source>Paste as the mask</source>
        <translation>Als Maske einfügen</translation>
    </message>
    <message>
        <source>Put the mask or cut-out that lies on the clipboard on this photo.</source>
        <translation>Die Maske oder das Freigestellte aus der Zwischenablage auf dieses Foto legen.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Write a mask back to its file, or keep the layers in .meticulous.</source>
        <translation>Eine Maske in ihre Datei zurückschreiben oder die Ebenen in .meticulous ablegen.</translation>
    </message>
    <message>
        <source>Save the layers in…</source>
        <translation>Ebenen speichern in…</translation>
    </message>
    <message>
        <source>Keep all layers in a folder of your choice.</source>
        <translation>Alle Ebenen in einem Ordner eigener Wahl ablegen.</translation>
    </message>
    <message>
        <source>Export the cut-out</source>
        <translation>Freigestelltes exportieren</translation>
    </message>
    <message>
        <source>Write the cut-out beside the photo: a PNG, or as your preset says.</source>
        <translation>Das freigestellte Objekt neben das Foto schreiben: ein PNG oder was Ihre Vorlage sagt.</translation>
    </message>
    <message>
        <source>Export as…</source>
        <translation>Exportieren als…</translation>
    </message>
    <message>
        <source>Choose the place, the format and what is written.</source>
        <translation>Ort, Format und Inhalt wählen.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Close the program; it asks before work is lost.</source>
        <translation>Das Programm schließen; es fragt, bevor Arbeit verloren geht.</translation>
    </message>
    <message>
        <source>Open a folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
    <message>
        <source>Work through all photos of a folder.</source>
        <translation>Alle Fotos eines Ordners durcharbeiten.</translation>
    </message>
    <message>
        <source>Masks from a folder…</source>
        <translation>Masken aus einem Ordner…</translation>
    </message>
    <message>
        <source>Use the masks of another folder, paired with the photos by name.</source>
        <translation>Die Masken eines anderen Ordners nehmen, nach Namen den Fotos zugeordnet.</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>Go to the next photo of the folder; what you did is saved.</source>
        <translation>Zum nächsten Foto des Ordners gehen; was getan wurde, wird gespeichert.</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <source>Go to the previous photo of the folder; what you did is saved.</source>
        <translation>Zum vorigen Foto des Ordners gehen; was getan wurde, wird gespeichert.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Save the layers and mark the photo as done, or take the mark back.</source>
        <translation>Die Ebenen speichern und das Foto als fertig kennzeichnen, oder die Kennzeichnung zurücknehmen.</translation>
    </message>
    <message>
        <source>Done and next</source>
        <translation>Fertig und weiter</translation>
    </message>
    <message>
        <source>Save the layers, mark the photo as done and go to the next one.</source>
        <translation>Die Ebenen speichern, das Foto als fertig kennzeichnen und zum nächsten gehen.</translation>
    </message>
    <message>
        <source>Show other photos</source>
        <translation>Andere Fotos zeigen</translation>
    </message>
    <message>
        <source>Show all photos, those not done, the untouched, and so on, in turn.</source>
        <translation>Der Reihe nach alle Fotos zeigen, die unfertigen, die unberührten und so weiter.</translation>
    </message>
    <message>
        <source>Strip of photos</source>
        <translation>Fotostreifen</translation>
    </message>
    <message>
        <source>Show or hide the small pictures; arrows and Enter work in them.</source>
        <translation>Die kleinen Bilder zeigen oder verbergen; Pfeile und Eingabetaste wirken darin.</translation>
    </message>
    <message>
        <source>Cut out many photos</source>
        <translation>Viele Fotos freistellen</translation>
    </message>
    <message>
        <source>Have the whole folder, or what is selected, done in the background.</source>
        <translation>Den ganzen Ordner oder die Auswahl im Hintergrund bearbeiten lassen.</translation>
    </message>
    <message>
        <source>Keys and gestures</source>
        <translation>Tasten und Gesten</translation>
    </message>
    <message>
        <source>List every key and what the mouse, the pen and the wheel do.</source>
        <translation>Jede Taste auflisten, und was Maus, Stift und Rad tun.</translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>Befehl suchen…</translation>
    </message>
    <message>
        <source>Type a few letters of what you want to do.</source>
        <translation>Ein paar Buchstaben dessen tippen, was getan werden soll.</translation>
    </message>
    <message>
        <source>Open the folder of the log file</source>
        <translation>Ordner der Protokolldatei öffnen</translation>
    </message>
    <message>
        <source>Show the file that tells what went wrong.</source>
        <translation>Die Datei zeigen, die sagt, was schiefging.</translation>
    </message>
    <message>
        <source>About Meticulous</source>
        <translation>Über Meticulous</translation>
    </message>
    <message>
        <source>Say which version this is and what it is made of.</source>
        <translation>Sagen, welche Version dies ist und woraus sie besteht.</translation>
    </message>
    <message>
        <source>Add a layer</source>
        <translation>Ebene hinzufügen</translation>
    </message>
    <message>
        <source>Begin another mask on the same photo.</source>
        <translation>Eine weitere Maske auf demselben Foto beginnen.</translation>
    </message>
    <message>
        <source>Duplicate the layer</source>
        <translation>Ebene verdoppeln</translation>
    </message>
    <message>
        <source>Put a copy of the active layer above it.</source>
        <translation>Eine Kopie der aktiven Ebene darüberlegen.</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>Nach unten vereinen</translation>
    </message>
    <message>
        <source>Put the pixels of the active layer on the one below it.</source>
        <translation>Die Pixel der aktiven Ebene auf die darunter legen.</translation>
    </message>
    <message>
        <source>Remove the layer</source>
        <translation>Ebene entfernen</translation>
    </message>
    <message>
        <source>Take the active layer away.</source>
        <translation>Die aktive Ebene wegnehmen.</translation>
    </message>
    <message>
        <source>Rename the layer</source>
        <translation>Ebene umbenennen</translation>
    </message>
    <message>
        <source>Type another name for the active layer.</source>
        <translation>Der aktiven Ebene einen anderen Namen geben.</translation>
    </message>
    <message>
        <source>Category of the layer</source>
        <translation>Kategorie der Ebene</translation>
    </message>
    <message>
        <source>Type what the active layer shows, such as person or dog.</source>
        <translation>Eingeben, was die aktive Ebene zeigt, etwa Person oder Hund.</translation>
    </message>
    <message>
        <source>Another colour</source>
        <translation>Andere Farbe</translation>
    </message>
    <message>
        <source>Give the layer the next of the colours that all eyes tell apart.</source>
        <translation>Der Ebene die nächste der Farben geben, die alle Augen unterscheiden.</translation>
    </message>
    <message>
        <source>Choose a colour…</source>
        <translation>Farbe wählen…</translation>
    </message>
    <message>
        <source>Give the layer any colour.</source>
        <translation>Der Ebene eine beliebige Farbe geben.</translation>
    </message>
    <message>
        <source>Work on the layer above</source>
        <translation>Auf der Ebene darüber arbeiten</translation>
    </message>
    <message>
        <source>Make the next layer of the list active.</source>
        <translation>Die Ebene darüber in der Liste aktiv machen.</translation>
    </message>
    <message>
        <source>Work on the layer below</source>
        <translation>Auf der Ebene darunter arbeiten</translation>
    </message>
    <message>
        <source>Make the layer below in the list active.</source>
        <translation>Die Ebene darunter in der Liste aktiv machen.</translation>
    </message>
    <message>
        <source>Move the layer up</source>
        <translation>Ebene nach oben</translation>
    </message>
    <message>
        <source>Put the active layer above the next one; where two meet it wins.</source>
        <translation>Die aktive Ebene über die nächste legen; wo sich zwei treffen, gilt sie.</translation>
    </message>
    <message>
        <source>Move the layer down</source>
        <translation>Ebene nach unten</translation>
    </message>
    <message>
        <source>Put the active layer below the one that is under it.</source>
        <translation>Die aktive Ebene unter die nächste legen.</translation>
    </message>
    <message>
        <source>Show the layer</source>
        <translation>Ebene zeigen</translation>
    </message>
    <message>
        <source>Show or hide the active layer; a hidden layer is not exported.</source>
        <translation>Die aktive Ebene zeigen oder verbergen; eine verborgene wird nicht exportiert.</translation>
    </message>
    <message>
        <source>Show only this layer</source>
        <translation>Nur diese Ebene zeigen</translation>
    </message>
    <message>
        <source>Hide all other layers; once more, show them as they were.</source>
        <translation>Alle anderen Ebenen verbergen; noch einmal: zeigen wie zuvor.</translation>
    </message>
    <message>
        <source>Lock the layer</source>
        <translation>Ebene sperren</translation>
    </message>
    <message>
        <source>Keep the active layer safe from every change.</source>
        <translation>Die aktive Ebene vor jeder Änderung bewahren.</translation>
    </message>
    <message>
        <source>Only where nothing else is</source>
        <translation>Nur wo sonst nichts ist</translation>
    </message>
    <message>
        <source>Let hands and networks leave alone what other layers hold.</source>
        <translation>Hand und Netze lassen in Ruhe, was andere Ebenen halten.</translation>
    </message>
    <message>
        <source>Export this layer</source>
        <translation>Diese Ebene exportieren</translation>
    </message>
    <message>
        <source>Write the cut-out of the active layer beside the photo.</source>
        <translation>Das Freigestellte der aktiven Ebene neben das Foto schreiben.</translation>
    </message>
    <message>
        <source>Export each layer</source>
        <translation>Jede Ebene exportieren</translation>
    </message>
    <message>
        <source>Write the cut-out of every visible layer into a file of its own.</source>
        <translation>Das Freigestellte jeder sichtbaren Ebene in eine eigene Datei schreiben.</translation>
    </message>
    <message>
        <source>Export a label map</source>
        <translation>Nummernbild exportieren</translation>
    </message>
    <message>
        <source>Write one picture with a number for each layer, and its legend.</source>
        <translation>Ein Bild mit einer Nummer für jede Ebene und seiner Legende schreiben.</translation>
    </message>
    <message>
        <source>Next doubtful place</source>
        <translation>Nächste zweifelhafte Stelle</translation>
    </message>
    <message>
        <source>Go where the edge is most likely wrong; again: to the next place.</source>
        <translation>Dorthin gehen, wo die Kante am ehesten falsch ist; noch einmal: zur nächsten Stelle.</translation>
    </message>
    <message>
        <source>Previous doubtful place</source>
        <translation>Vorige zweifelhafte Stelle</translation>
    </message>
    <message>
        <source>Go back to the doubtful place before.</source>
        <translation>Zur zweifelhaften Stelle davor zurückgehen.</translation>
    </message>
    <message>
        <source>It is right here</source>
        <translation>Hier stimmt es</translation>
    </message>
    <message>
        <source>Call the edge at this place right, keep networks off it, and go on.</source>
        <translation>Die Kante an dieser Stelle für richtig erklären, Netze fernhalten und weitergehen.</translation>
    </message>
    <message>
        <source>Find the object again</source>
        <translation>Objekt neu suchen</translation>
    </message>
    <message>
        <source>Look for the object in the whole photo; what you painted stays.</source>
        <translation>Im ganzen Foto nach dem Objekt suchen; Gemaltes bleibt.</translation>
    </message>
    <message>
        <source>Refine the whole edge</source>
        <translation>Ganze Kante verfeinern</translation>
    </message>
    <message>
        <source>Perfect the edge of the mask everywhere; what you painted stays.</source>
        <translation>Die Kante der Maske überall verfeinern; Gemaltes bleibt.</translation>
    </message>
    <message>
        <source>Adjust the edge…</source>
        <translation>Kante anpassen…</translation>
    </message>
    <message>
        <source>Smooth, grow, shrink, feather or sharpen it, seen at once.</source>
        <translation>Glätten, wachsen, schrumpfen, weicher oder härter machen, sofort zu sehen.</translation>
    </message>
    <message>
        <source>Clean up the mask…</source>
        <translation>Maske säubern…</translation>
    </message>
    <message>
        <source>Fill holes, drop specks, keep the largest piece; counted first.</source>
        <translation>Löcher füllen, Flecken entfernen, das größte Stück behalten; vorher gezählt.</translation>
    </message>
    <message>
        <source>Clear the mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Start this layer from nothing.</source>
        <translation>Diese Ebene von vorn beginnen.</translation>
    </message>
    <message>
        <source>Invert the mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Make the inside the outside and the outside the inside.</source>
        <translation>Innen zu außen und außen zu innen machen.</translation>
    </message>
    <message>
        <source>Forget my strokes in view</source>
        <translation>Meine Striche im Bild vergessen</translation>
    </message>
    <message>
        <source>Let networks change again what you painted in the part in view.</source>
        <translation>Netze dürfen wieder ändern, was im sichtbaren Teil gemalt wurde.</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>Hand</translation>
    </message>
    <message>
        <source>Move the picture; Space with any tool does the same.</source>
        <translation>Das Bild verschieben; die Leertaste tut mit jedem Werkzeug dasselbe.</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Paint what belongs to the object; right button or Alt takes away.</source>
        <translation>Malen, was zum Objekt gehört; rechte Taste oder Alt nimmt weg.</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Paint what does not belong to the object.</source>
        <translation>Malen, was nicht zum Objekt gehört.</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Drag round an area or click its corners; Alt takes it away.</source>
        <translation>Um eine Fläche ziehen oder ihre Ecken klicken; Alt nimmt sie weg.</translation>
    </message>
    <message>
        <source>Similar colour</source>
        <translation>Ähnliche Farbe</translation>
    </message>
    <message>
        <source>Press on a colour, drag for more or less of its like.</source>
        <translation>Auf eine Farbe drücken und ziehen, für mehr oder weniger Ähnliches.</translation>
    </message>
    <message>
        <source>Move the mask</source>
        <translation>Maske verschieben</translation>
    </message>
    <message>
        <source>Drag the mask, or move it by the arrow keys.</source>
        <translation>Die Maske ziehen oder mit den Pfeiltasten bewegen.</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Click what belongs to the object, right-click what does not.</source>
        <translation>Anklicken, was zum Objekt gehört, rechts anklicken, was nicht.</translation>
    </message>
    <message>
        <source>Refine the edge</source>
        <translation>Kante verfeinern</translation>
    </message>
    <message>
        <source>Paint roughly over a bad edge, or drag a box with Shift.</source>
        <translation>Grob über eine schlechte Kante malen oder mit der Umschalttaste einen Rahmen ziehen.</translation>
    </message>
    <message>
        <source>Find in a box</source>
        <translation>In einem Rahmen suchen</translation>
    </message>
    <message>
        <source>Drag a box round the object to look for it only there.</source>
        <translation>Einen Rahmen um das Objekt ziehen, um es nur dort zu suchen.</translation>
    </message>
    <message>
        <source>Swap add and take away</source>
        <translation>Hinzufügen und Wegnehmen tauschen</translation>
    </message>
    <message>
        <source>Exchange what the left and the right button do.</source>
        <translation>Vertauschen, was linke und rechte Taste tun.</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Make the brush smaller.</source>
        <translation>Den Pinsel kleiner machen.</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Make the brush larger.</source>
        <translation>Den Pinsel größer machen.</translation>
    </message>
    <message>
        <source>Softer brush</source>
        <translation>Weicherer Pinsel</translation>
    </message>
    <message>
        <source>Make the edge of the brush softer.</source>
        <translation>Den Rand des Pinsels weicher machen.</translation>
    </message>
    <message>
        <source>Harder brush</source>
        <translation>Härterer Pinsel</translation>
    </message>
    <message>
        <source>Make the edge of the brush harder.</source>
        <translation>Den Rand des Pinsels härter machen.</translation>
    </message>
    <message>
        <source>Brush stops at edges</source>
        <translation>Pinsel hält an Kanten</translation>
    </message>
    <message>
        <source>Paint only what looks like the photo under the middle of the brush.</source>
        <translation>Nur malen, was so aussieht wie das Foto unter der Mitte des Pinsels.</translation>
    </message>
    <message>
        <source>Keyboard cursor</source>
        <translation>Tastaturzeiger</translation>
    </message>
    <message>
        <source>Move a cross with the arrow keys; Enter paints, Shift goes faster.</source>
        <translation>Ein Kreuz mit den Pfeiltasten bewegen; die Eingabetaste malt, die Umschalttaste beschleunigt.</translation>
    </message>
    <message>
        <source>Overlay on and off</source>
        <translation>Überlagerung ein und aus</translation>
    </message>
    <message>
        <source>Show the photo alone, or the last view again.</source>
        <translation>Nur das Foto zeigen, oder wieder die letzte Ansicht.</translation>
    </message>
    <message>
        <source>Next view</source>
        <translation>Nächste Ansicht</translation>
    </message>
    <message>
        <source>Go through the views one by one.</source>
        <translation>Die Ansichten der Reihe nach durchgehen.</translation>
    </message>
    <message>
        <source>See the original while held</source>
        <translation>Original zeigen, solange gehalten</translation>
    </message>
    <message>
        <source>Show the photo alone as long as the key is down.</source>
        <translation>Nur das Foto zeigen, solange die Taste gedrückt ist.</translation>
    </message>
    <message>
        <source>Colour the background instead</source>
        <translation>Stattdessen den Hintergrund färben</translation>
    </message>
    <message>
        <source>Lay the colour over what is outside; the object stays clear.</source>
        <translation>Die Farbe über das Äußere legen; das Objekt bleibt klar.</translation>
    </message>
    <message>
        <source>Fit the window</source>
        <translation>Ins Fenster einpassen</translation>
    </message>
    <message>
        <source>Show the whole photo.</source>
        <translation>Das ganze Foto zeigen.</translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation>Tatsächliche Pixel</translation>
    </message>
    <message>
        <source>Show one pixel of the photo on one pixel of the screen.</source>
        <translation>Ein Pixel des Fotos auf einem Pixel des Bildschirms zeigen.</translation>
    </message>
    <message>
        <source>Zoom to the mask</source>
        <translation>Auf die Maske zoomen</translation>
    </message>
    <message>
        <source>Show the object as large as the window allows.</source>
        <translation>Das Objekt so groß zeigen, wie es das Fenster erlaubt.</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Come closer; the wheel does the same at the pointer.</source>
        <translation>Näher heran; das Rad tut am Zeiger dasselbe.</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Go further away; the wheel does the same at the pointer.</source>
        <translation>Weiter weg; das Rad tut am Zeiger dasselbe.</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Seitenleiste</translation>
    </message>
    <message>
        <source>Show or hide the layers and the history.</source>
        <translation>Ebenen und Verlauf zeigen oder verbergen.</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Give the photo the whole screen.</source>
        <translation>Dem Foto den ganzen Bildschirm geben.</translation>
    </message>
    <message>
        <source>Keep the object</source>
        <translation>Objekt behalten</translation>
    </message>
    <message>
        <source>Make what you pointed at part of the layer; Enter does the same.</source>
        <translation>Das Angeklickte in die Ebene übernehmen; die Eingabetaste tut dasselbe.</translation>
    </message>
    <message>
        <source>Discard the object</source>
        <translation>Objekt verwerfen</translation>
    </message>
    <message>
        <source>Leave the layer as it was before the first click; so does Esc.</source>
        <translation>Die Ebene lassen, wie sie vor dem ersten Klick war; Esc tut dasselbe.</translation>
    </message>
    <message>
        <source>Another part</source>
        <translation>Noch ein Teil</translation>
    </message>
    <message>
        <source>Leave the selection as it is; the next click adds something to it.</source>
        <translation>Die Auswahl lassen, wie sie ist; der nächste Klick fügt etwas hinzu.</translation>
    </message>
    <message>
        <source>Another reading of the click</source>
        <translation>Andere Deutung des Klicks</translation>
    </message>
    <message>
        <source>Part, object or group: show the next; Tab does the same.</source>
        <translation>Teil, Objekt oder Gruppe: die nächste zeigen; die Tabulatortaste tut dasselbe.</translation>
    </message>
    <message>
        <source>Take all clicks back</source>
        <translation>Alle Klicks zurücknehmen</translation>
    </message>
    <message>
        <source>Begin this part of the object again; undo brings the clicks back.</source>
        <translation>Diesen Teil des Objekts neu beginnen; Rückgängig bringt die Klicks wieder.</translation>
    </message>
    <message>
        <source>All controls of clicks</source>
        <translation>Alle Regler für Klicks</translation>
    </message>
    <message>
        <source>Show every control of the click network, or fold them away.</source>
        <translation>Alle Regler des Klicknetzes zeigen oder wegklappen.</translation>
    </message>
    <message>
        <source>Compare before refining</source>
        <translation>Vor dem Verfeinern vergleichen</translation>
    </message>
    <message>
        <source>Let the Refine tool show A beside B first; keep one or neither.</source>
        <translation>Das Verfeinern zeigt erst A neben B; behalten Sie eines davon oder keines.</translation>
    </message>
    <message>
        <source>Compare on the whole edge</source>
        <translation>An der ganzen Kante vergleichen</translation>
    </message>
    <message>
        <source>Refine the whole edge only to look; keep what is better.</source>
        <translation>Die ganze Kante nur zur Ansicht verfeinern; behalten, was besser ist.</translation>
    </message>
    <message>
        <source>Swap A and B</source>
        <translation>A und B tauschen</translation>
    </message>
    <message>
        <source>Let the two edges that are compared change places.</source>
        <translation>Die beiden verglichenen Kanten tauschen die Plätze.</translation>
    </message>
    <message>
        <source>Keep A</source>
        <translation>A behalten</translation>
    </message>
    <message>
        <source>Make what is left of the line the mask, as one step.</source>
        <translation>Was links der Linie ist, wird die Maske, in einem Schritt.</translation>
    </message>
    <message>
        <source>Keep B</source>
        <translation>B behalten</translation>
    </message>
    <message>
        <source>Make what is right of the line the mask, as one step.</source>
        <translation>Was rechts der Linie ist, wird die Maske, in einem Schritt.</translation>
    </message>
</context>
<context>
    <name>AdjustPanel</name>
    <message>
        <source>Adjust the edge</source>
        <translation>Kante anpassen</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glätten</translation>
    </message>
    <message>
        <source>Round off teeth and corners smaller than this.</source>
        <translation>Zacken und Ecken abrunden, die kleiner sind.</translation>
    </message>
    <message>
        <source>Grow or shrink</source>
        <translation>Wachsen oder schrumpfen</translation>
    </message>
    <message>
        <source>Move the edge outwards, or inwards below zero.</source>
        <translation>Die Kante nach außen schieben, unter null nach innen.</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weiche Kante</translation>
    </message>
    <message>
        <source>Soften the edge, so far to both sides.</source>
        <translation>Die Kante weicher machen, so weit nach beiden Seiten.</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>Make a soft edge harder.</source>
        <translation>Eine weiche Kante härter machen.</translation>
    </message>
    <message>
        <source>Working on the whole photo…</source>
        <translation>Das ganze Foto wird bearbeitet…</translation>
    </message>
    <message>
        <source>Smooth the edge</source>
        <translation>Kante glätten</translation>
    </message>
    <message>
        <source>Grow the mask</source>
        <translation>Maske wachsen lassen</translation>
    </message>
    <message>
        <source>Shrink the mask</source>
        <translation>Maske schrumpfen</translation>
    </message>
    <message>
        <source>Feather the edge</source>
        <translation>Kante weicher machen</translation>
    </message>
    <message>
        <source>Contrast of the edge</source>
        <translation>Kontrast der Kante</translation>
    </message>
</context>
<context>
    <name>AnnotationFiles</name>
    <message>
        <source>Open the photo first, then drop {name} on it.</source>
        <translation>Öffnen Sie zuerst das Foto, dann lassen Sie {name} darauf fallen.</translation>
    </message>
    <message>
        <source>Use annotations</source>
        <translation>Annotationen verwenden</translation>
    </message>
    <message>
        <source>{name} holds {count} objects; each has a layer now.</source>
        <translation>{name} enthält {count} Objekte; jedes hat jetzt eine Ebene.</translation>
    </message>
    <message>
        <source>{name} holds one object; it has a layer now.</source>
        <translation>{name} enthält ein Objekt; es hat jetzt eine Ebene.</translation>
    </message>
    <message>
        <source>Refine the edge</source>
        <translation>Kante verfeinern</translation>
    </message>
    <message>
        <source>Export them…</source>
        <translation>Exportieren…</translation>
    </message>
</context>
<context>
    <name>AnnotationSaving</name>
    <message>
        <source>The edge is still being worked on; the annotations are written when it is done.</source>
        <translation>An der Kante wird noch gearbeitet; die Annotationen werden geschrieben, sobald sie fertig ist.</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>Nothing was changed: the network sees the same edge here, or your own strokes hold it; “My strokes too” lets it change them.</source>
        <translation>Es wurde nichts geändert: Das Netz sieht hier dieselbe Kante, oder Ihre eigenen Striche halten sie; mit „Auch meine Striche“ darf es auch diese ändern.</translation>
    </message>
    <message>
        <source>Nothing was changed: the network sees the same edge here. Paint what is wrong by hand.</source>
        <translation>Es wurde nichts geändert: Das Netz sieht hier dieselbe Kante. Malen Sie von Hand, was nicht stimmt.</translation>
    </message>
</context>
<context>
    <name>Autosaver</name>
    <message>
        <source>Unsaved work is kept again.</source>
        <translation>Ungesicherte Arbeit wird wieder aufbewahrt.</translation>
    </message>
    <message>
        <source>Work from {time} on {name} was not saved.</source>
        <translation>Arbeit von {time} an {name} wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>There is more such work: {count}.</source>
        <translation>Es gibt mehr solche Arbeit: {count}.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Unsaved work cannot be read: {path} is damaged, or another version of Meticulous wrote it; open it with that one, or discard it.</source>
        <translation>Nicht gespeicherte Arbeit lässt sich nicht lesen: {path} ist beschädigt oder von einer anderen Version von Meticulous; öffnen Sie sie mit jener oder verwerfen Sie sie.</translation>
    </message>
    <message>
        <source>The work that cannot be read was discarded.</source>
        <translation>Die Arbeit, die sich nicht lesen lässt, wurde verworfen.</translation>
    </message>
    <message>
        <source>The unsaved work on {name} was discarded.</source>
        <translation>Die ungesicherte Arbeit an {name} wurde verworfen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>Background</name>
    <message>
        <source>Something went wrong ({error}); the log file tells more.</source>
        <translation>Etwas ging schief ({error}); die Protokolldatei sagt mehr.</translation>
    </message>
</context>
<context>
    <name>BatchDock</name>
    <message>
        <source>Cut out many photos</source>
        <translation>Viele Fotos freistellen</translation>
    </message>
    <message>
        <source>{which} ({count})</source>
        <translation>{which} ({count})</translation>
    </message>
    <message>
        <source>Close the queue; what is in work goes on. The menu Folder brings it back.</source>
        <translation>Die Warteschlange schließen; was in Arbeit ist, läuft weiter. Das Menü Ordner bringt sie zurück.</translation>
    </message>
    <message>
        <source>Close the queue</source>
        <translation>Warteschlange schließen</translation>
    </message>
    <message>
        <source>Choose the folder of the results</source>
        <translation>Ordner der Ergebnisse wählen</translation>
    </message>
    <message>
        <source>Perfect the edges (slower)</source>
        <translation>Kanten verfeinern (langsamer)</translation>
    </message>
    <message>
        <source>Keep results that are newer than the photo</source>
        <translation>Ergebnisse behalten, die neuer als das Foto sind</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginnen</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>To the folder</source>
        <translation>In den Ordner</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Photos done</source>
        <translation>Fertige Fotos</translation>
    </message>
    <message>
        <source>Photo in work</source>
        <translation>Foto in Arbeit</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Show the results</source>
        <translation>Ergebnisse zeigen</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Bericht speichern…</translation>
    </message>
    <message>
        <source>Write what became of each photo into a file (JSON).</source>
        <translation>Was aus jedem Foto wurde, in eine Datei (JSON) schreiben.</translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation>Was schiefging</translation>
    </message>
    <message>
        <source>{name}: patch {done} of {total}</source>
        <translation>{name}: Stück {done} von {total}</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>{done} of {total} photos</source>
        <translation>{done} von {total} Fotos</translation>
    </message>
    <message>
        <source>{count} written</source>
        <translation>{count} geschrieben</translation>
    </message>
    <message>
        <source>{count} kept</source>
        <translation>{count} behalten</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{count} not done</source>
        <translation>{count} nicht getan</translation>
    </message>
    <message>
        <source>held after the photo in work</source>
        <translation>hält nach dem Foto in Arbeit an</translation>
    </message>
    <message>
        <source>held</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>about {count} s left</source>
        <translation>noch etwa {count} s</translation>
    </message>
    <message>
        <source>about {count} min left</source>
        <translation>noch etwa {count} min</translation>
    </message>
    <message>
        <source>about {count} h left</source>
        <translation>noch etwa {count} h</translation>
    </message>
    <message>
        <source>Cut-outs, {format}</source>
        <translation>Freigestelltes, {format}</translation>
    </message>
    <message>
        <source>Masks, black and white</source>
        <translation>Masken, schwarz und weiß</translation>
    </message>
    <message>
        <source>Masks with soft edges</source>
        <translation>Masken mit weichen Kanten</translation>
    </message>
</context>
<context>
    <name>BatchQueue</name>
    <message>
        <source>The report is in {path}.</source>
        <translation>Der Bericht steht in {path}.</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Canvas, no photo open</source>
        <translation>Arbeitsfläche, kein Foto offen</translation>
    </message>
    <message>
        <source>Drop a photo here</source>
        <translation>Foto hierher ziehen</translation>
    </message>
    <message>
        <source>zoom {percent} %</source>
        <translation>Zoom {percent} %</translation>
    </message>
    <message>
        <source>brush {size} px</source>
        <translation>Pinsel {size} px</translation>
    </message>
</context>
<context>
    <name>CleanUpPanel</name>
    <message>
        <source>Clean up the mask</source>
        <translation>Maske säubern</translation>
    </message>
    <message>
        <source>Fill holes below</source>
        <translation>Löcher füllen unter</translation>
    </message>
    <message>
        <source>Fill holes of fewer pixels; 1 fills none.</source>
        <translation>Löcher mit weniger Pixeln füllen; 1 füllt keine.</translation>
    </message>
    <message>
        <source>Drop specks below</source>
        <translation>Flecken entfernen unter</translation>
    </message>
    <message>
        <source>Take away pieces of fewer pixels; 1 takes none.</source>
        <translation>Stücke mit weniger Pixeln wegnehmen; 1 nimmt keine.</translation>
    </message>
    <message>
        <source>Keep only the largest piece</source>
        <translation>Nur das größte Stück behalten</translation>
    </message>
    <message>
        <source>Take away every other piece, whatever its size.</source>
        <translation>Jedes andere Stück wegnehmen, so groß es auch ist.</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>Löcher füllen</translation>
    </message>
    <message>
        <source>Keep the largest piece</source>
        <translation>Größtes Stück behalten</translation>
    </message>
    <message>
        <source>Drop specks</source>
        <translation>Flecken entfernen</translation>
    </message>
    <message>
        <source>Looking at the whole photo…</source>
        <translation>Das ganze Foto wird angesehen…</translation>
    </message>
    <message>
        <source>Holes to fill: {count} of {total}</source>
        <translation>Zu füllende Löcher: {count} von {total}</translation>
    </message>
    <message>
        <source>Pieces to remove: {count} of {total}</source>
        <translation>Wegfallende Stücke: {count} von {total}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Find a command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Was soll getan werden?</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>Gefundene Befehle</translation>
    </message>
    <message>
        <source>No command is called that.</source>
        <translation>Kein Befehl heißt so.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Open a photo</source>
        <translation>Foto öffnen</translation>
    </message>
    <message>
        <source>There are no photos in {folder}; choose a folder with JPEG, PNG or other photos.</source>
        <translation>In {folder} sind keine Fotos; wählen Sie einen Ordner mit JPEG, PNG oder anderen Fotos.</translation>
    </message>
    <message>
        <source>Use a mask from a file</source>
        <translation>Maske aus einer Datei nehmen</translation>
    </message>
    <message>
        <source>The picture on the clipboard is no mask: it has colours and is opaque; copy a grey one.</source>
        <translation>Das Bild in der Zwischenablage ist keine Maske: Es ist farbig und undurchsichtig; kopieren Sie ein graues.</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Bild.</translation>
    </message>
    <message>
        <source>Save the layers in</source>
        <translation>Ebenen speichern in</translation>
    </message>
    <message>
        <source>{name} is being saved first.</source>
        <translation>{name} wird zuerst gespeichert.</translation>
    </message>
    <message>
        <source>Photos ({patterns})</source>
        <translation>Fotos ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Masks and annotations ({patterns})</source>
        <translation>Masken und Annotationen ({patterns})</translation>
    </message>
    <message>
        <source>Open a folder of photos</source>
        <translation>Ordner mit Fotos öffnen</translation>
    </message>
    <message>
        <source>{name} copy</source>
        <translation>{name} Kopie</translation>
    </message>
    <message>
        <source>Colour of the layer</source>
        <translation>Farbe der Ebene</translation>
    </message>
    <message>
        <source>Clear the mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Invert the mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>There are no strokes of yours in view.</source>
        <translation>Im Bild sind keine Striche von Ihnen.</translation>
    </message>
    <message>
        <source>Networks may change your strokes in view again.</source>
        <translation>Netze dürfen Ihre Striche im Bild wieder ändern.</translation>
    </message>
    <message>
        <source>Write the results to</source>
        <translation>Ergebnisse schreiben in</translation>
    </message>
    <message>
        <source>Save the report as</source>
        <translation>Bericht speichern unter</translation>
    </message>
    <message>
        <source>Take masks from</source>
        <translation>Masken nehmen aus</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Comparing, {name}</source>
        <translation>Vergleichen, {name}</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Refining would change nothing here.</source>
        <translation>Verfeinern würde hier nichts ändern.</translation>
    </message>
</context>
<context>
    <name>ComparisonBar</name>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>What A shows, left of the line</source>
        <translation>Was A zeigt, links der Linie</translation>
    </message>
    <message>
        <source>What B shows, right of the line</source>
        <translation>Was B zeigt, rechts der Linie</translation>
    </message>
    <message>
        <source>Keep neither</source>
        <translation>Keines behalten</translation>
    </message>
    <message>
        <source>Leave the mask as it was (Esc).</source>
        <translation>Die Maske bleibt, wie sie war (Esc).</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
</context>
<context>
    <name>ContextBar</name>
    <message>
        <source>Tool options</source>
        <translation>Werkzeugoptionen</translation>
    </message>
    <message>
        <source>More options</source>
        <translation>Weitere Optionen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>The options that are seldom changed.</source>
        <translation>Optionen, die selten geändert werden.</translation>
    </message>
</context>
<context>
    <name>Course</name>
    <message>
        <source>Point at the object</source>
        <translation>Auf das Objekt zeigen</translation>
    </message>
</context>
<context>
    <name>CutoutChip</name>
    <message>
        <source>Drag the cut-out into another program or a folder: full size, with transparency.</source>
        <translation>Das Freigestellte in ein anderes Programm oder einen Ordner ziehen: volle Größe, mit Transparenz.</translation>
    </message>
    <message>
        <source>Cut-out, to be dragged into another program</source>
        <translation>Freigestelltes, in ein anderes Programm zu ziehen</translation>
    </message>
    <message>
        <source>Nothing cut out yet</source>
        <translation>Noch nichts freigestellt</translation>
    </message>
    <message>
        <source>Drag the cut-out out</source>
        <translation>Freigestelltes ziehen</translation>
    </message>
</context>
<context>
    <name>DragOut</name>
    <message>
        <source>{width} × {height} px, PNG</source>
        <translation>{width} × {height} px, PNG</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export {name}</source>
        <translation>{name} exportieren</translation>
    </message>
    <message>
        <source>There is no folder {folder}.</source>
        <translation>Es gibt keinen Ordner {folder}.</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>This photo</source>
        <translation>Dieses Foto</translation>
    </message>
    <message>
        <source>All of the folder that were saved ({count})</source>
        <translation>Alle gespeicherten des Ordners ({count})</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>{name} is the photo&apos;s name, {counter} counts from 1.</source>
        <translation>{name} ist der Name des Fotos, {counter} zählt ab 1.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse for a folder</source>
        <translation>Ordner suchen</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Choices</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>{width} × {height} px</source>
        <translation>{width} × {height} px</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>The result is made from {name} itself; choose another name or folder.</source>
        <translation>Das Ergebnis entsteht aus {name} selbst; wählen Sie einen anderen Namen oder Ordner.</translation>
    </message>
    <message>
        <source>{name} holds files already; those of the same names are replaced.</source>
        <translation>{name} enthält schon Dateien; gleichnamige werden ersetzt.</translation>
    </message>
    <message>
        <source>{name} exists already. Press “Replace it” to write over it.</source>
        <translation>{name} gibt es schon. „Ersetzen“ überschreibt es.</translation>
    </message>
    <message>
        <source>{name} exists already and may be that of another photo whose name differs from {photo} only in the suffix. Press “Replace it” to write over it.</source>
        <translation>{name} gibt es schon und gehört vielleicht zu einem anderen Foto, dessen Name sich von {photo} nur in der Endung unterscheidet. „Ersetzen“ überschreibt es.</translation>
    </message>
    <message>
        <source>Write into it</source>
        <translation>Hineinschreiben</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Ersetzen</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Keep the place where a photo was taken in what is exported</source>
        <translation>Den Aufnahmeort im Exportierten behalten</translation>
    </message>
    <message>
        <source>Camera and date travel on in any case; the place (GPS) only where this is ticked.</source>
        <translation>Kamera und Datum bleiben in jedem Fall; der Ort (GPS) nur, wo dies angekreuzt ist.</translation>
    </message>
    <message>
        <source>Copy only as PNG, for programs that lose transparency</source>
        <translation>Nur als PNG kopieren, für Programme, die Transparenz verlieren</translation>
    </message>
</context>
<context>
    <name>Facts</name>
    <message>
        <source>{name}[*] ({index} of {count})</source>
        <translation>{name}[*] ({index} von {count})</translation>
    </message>
    <message>
        <source>{name}[*]</source>
        <translation>{name}[*]</translation>
    </message>
    <message>
        <source>layers: {count}</source>
        <translation>Ebenen: {count}</translation>
    </message>
</context>
<context>
    <name>FloatingPanel</name>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Make it so; Enter does the same.</source>
        <translation>So machen; die Eingabetaste tut dasselbe.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Leave the mask as it was; Esc does the same.</source>
        <translation>Die Maske lassen, wie sie war; Esc tut dasselbe.</translation>
    </message>
</context>
<context>
    <name>FolderAnnotations</name>
    <message>
        <source>Photos with LabelMe annotations beside them: {count}. These are the layers.</source>
        <translation>Fotos mit LabelMe-Annotationen daneben: {count}. Diese sind die Ebenen.</translation>
    </message>
    <message>
        <source>Photos with LabelMe annotations: {count}. Changes are written back, as before.</source>
        <translation>Fotos mit LabelMe-Annotationen: {count}. Änderungen werden wie bisher zurückgeschrieben.</translation>
    </message>
    <message>
        <source>Write changes back</source>
        <translation>Änderungen zurückschreiben</translation>
    </message>
    <message>
        <source>Stop that</source>
        <translation>Damit aufhören</translation>
    </message>
    <message>
        <source>Leave them alone</source>
        <translation>Nicht anrühren</translation>
    </message>
    <message>
        <source>{name} and the layers that were saved for this photo differ; these layers are shown.</source>
        <translation>{name} und die für dieses Foto gespeicherten Ebenen sind verschieden; zu sehen sind diese Ebenen.</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>{name} verwenden</translation>
    </message>
    <message>
        <source>Keep these layers</source>
        <translation>Diese Ebenen behalten</translation>
    </message>
    <message>
        <source>Use annotations</source>
        <translation>Annotationen verwenden</translation>
    </message>
</context>
<context>
    <name>FolderDesk</name>
    <message>
        <source>Photos of the queue that are not done: {count}. Results that are written stay.</source>
        <translation>Fotos der Warteschlange, die nicht fertig sind: {count}. Geschriebene Ergebnisse bleiben.</translation>
    </message>
    <message>
        <source>End the queue and close</source>
        <translation>Warteschlange beenden und schließen</translation>
    </message>
    <message>
        <source>Panels at the side</source>
        <translation>Bereiche an der Seite</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>Alle Fotos</translation>
    </message>
    <message>
        <source>Photos shown</source>
        <translation>Gezeigte Fotos</translation>
    </message>
    <message>
        <source>Photos selected</source>
        <translation>Ausgewählte Fotos</translation>
    </message>
    <message>
        <source>The queue is done: {sum}.</source>
        <translation>Die Warteschlange ist fertig: {sum}.</translation>
    </message>
    <message>
        <source>Show the queue</source>
        <translation>Die Warteschlange zeigen</translation>
    </message>
    <message>
        <source>Open this photo</source>
        <translation>Dieses Foto öffnen</translation>
    </message>
</context>
<context>
    <name>FolderWork</name>
    <message>
        <source>This is the last photo here.</source>
        <translation>Dies ist hier das letzte Foto.</translation>
    </message>
    <message>
        <source>This is the first photo here.</source>
        <translation>Dies ist hier das erste Foto.</translation>
    </message>
    <message>
        <source>All {count} photos here are done.</source>
        <translation>Alle {count} Fotos hier sind fertig.</translation>
    </message>
    <message>
        <source>The layers of {name} are not saved yet; save them somewhere, or discard them.</source>
        <translation>Die Ebenen von {name} sind noch nicht gespeichert; speichern Sie sie irgendwo oder verwerfen Sie sie.</translation>
    </message>
    <message>
        <source>{name} is still being opened.</source>
        <translation>{name} wird noch geöffnet.</translation>
    </message>
    <message>
        <source>{name} does not open and cannot be marked as done; go on to the next photo.</source>
        <translation>{name} lässt sich nicht öffnen und kann nicht als fertig gekennzeichnet werden; gehen Sie zum nächsten Foto weiter.</translation>
    </message>
    <message>
        <source>A network still works on {name}; wait for it, or press again to take it as it is.</source>
        <translation>Ein Netz arbeitet noch an {name}; warten Sie darauf, oder drücken Sie noch einmal, um es zu nehmen, wie es ist.</translation>
    </message>
</context>
<context>
    <name>GroundBar</name>
    <message>
        <source>Look at it on</source>
        <translation>Ansehen auf</translation>
    </message>
    <message>
        <source>Look at it on a checkerboard</source>
        <translation>Auf einem Schachbrett ansehen</translation>
    </message>
    <message>
        <source>Look at it on black</source>
        <translation>Auf Schwarz ansehen</translation>
    </message>
    <message>
        <source>Look at it on white</source>
        <translation>Auf Weiß ansehen</translation>
    </message>
    <message>
        <source>Look at it on a colour of your choice</source>
        <translation>Auf einer Farbe Ihrer Wahl ansehen</translation>
    </message>
    <message>
        <source>Look at it on a picture of your choice</source>
        <translation>Auf einem Bild Ihrer Wahl ansehen</translation>
    </message>
    <message>
        <source>A picture to judge the cut-out on</source>
        <translation>Ein Bild, um das Freigestellte darauf zu beurteilen</translation>
    </message>
    <message>
        <source>Pictures ({patterns})</source>
        <translation>Bilder ({patterns})</translation>
    </message>
</context>
<context>
    <name>HintPanel</name>
    <message>
        <source>Hints</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>Good to know</source>
        <translation>Gut zu wissen</translation>
    </message>
    <message>
        <source>Close the hints for good</source>
        <translation>Die Hinweise für immer schließen</translation>
    </message>
</context>
<context>
    <name>Hints</name>
    <message>
        <source>Paint what is missing; right button erases.</source>
        <translation>Malen, was fehlt; die rechte Taste radiert.</translation>
    </message>
    <message>
        <source>Paint roughly over an edge to sharpen it.</source>
        <translation>Grob über eine Kante malen, um sie zu schärfen.</translation>
    </message>
    <message>
        <source>Write the cut-out beside the photo.</source>
        <translation>Freigestelltes neben das Foto schreiben.</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Click a step to go there.</source>
        <translation>Auf einen Schritt klicken, um dorthin zu gehen.</translation>
    </message>
    <message>
        <source>What was dropped from the history</source>
        <translation>Was aus dem Verlauf fiel</translation>
    </message>
    <message>
        <source>Older steps dropped to save memory: {count}.</source>
        <translation>Ältere Schritte, verworfen, um Speicher zu sparen: {count}.</translation>
    </message>
    <message>
        <source>{title}, {row} of {count}</source>
        <translation>{title}, {row} von {count}</translation>
    </message>
    <message>
        <source>{title}, {row} of {count}, taken back</source>
        <translation>{title}, {row} von {count}, zurückgenommen</translation>
    </message>
    <message>
        <source>As it was opened</source>
        <translation>Wie geöffnet</translation>
    </message>
    <message>
        <source>{title} (not kept yet)</source>
        <translation>{title} (offen)</translation>
    </message>
    <message>
        <source>{title} (running)</source>
        <translation>{title} (läuft)</translation>
    </message>
</context>
<context>
    <name>KeyMap</name>
    <message>
        <source>“{action}” cannot have the key {key} of the settings: it is no key, another action&apos;s or the canvas&apos;s own; choose another in the preferences.</source>
        <translation>„{action}“ kann die Taste {key} der Einstellungen nicht haben: Sie ist keine Taste, die einer anderen Aktion oder eine der Arbeitsfläche; wählen Sie eine andere in den Einstellungen.</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Type to filter</source>
        <translation>Tippen zum Filtern</translation>
    </message>
    <message>
        <source>Filter the list</source>
        <translation>Liste filtern</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alle zurücksetzen</translation>
    </message>
    <message>
        <source>Whose the key is</source>
        <translation>Wem die Taste gehört</translation>
    </message>
    <message>
        <source>Take it from there</source>
        <translation>Von dort nehmen</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>This key counts while it is held and cannot be changed.</source>
        <translation>Diese Taste wirkt, solange sie gehalten wird, und kann nicht geändert werden.</translation>
    </message>
    <message>
        <source>{key} is needed by the canvas itself; press another key.</source>
        <translation>{key} braucht die Arbeitsfläche selbst; drücken Sie eine andere Taste.</translation>
    </message>
    <message>
        <source>{key} is the key of “{action}”; press another one, or take it from there.</source>
        <translation>{key} ist die Taste von „{action}“; drücken Sie eine andere oder nehmen Sie sie von dort.</translation>
    </message>
    <message>
        <source>{key} is the key of “{action}” now; reset that one first, or take it.</source>
        <translation>{key} ist jetzt die Taste von „{action}“; setzen Sie zuerst diese zurück oder nehmen Sie sie.</translation>
    </message>
</context>
<context>
    <name>LayerExports</name>
    <message>
        <source>There is nothing to write: the mask is empty.</source>
        <translation>Es gibt nichts zu schreiben: Die Maske ist leer.</translation>
    </message>
    <message>
        <source>The edge is still being worked on; the layers are written when it is done.</source>
        <translation>An der Kante wird noch gearbeitet; die Ebenen werden geschrieben, sobald sie fertig ist.</translation>
    </message>
    <message>
        <source>This picture has no file of its own yet; save its layers in a folder instead.</source>
        <translation>Dieses Bild hat noch keine eigene Datei; speichern Sie stattdessen seine Ebenen in einem Ordner.</translation>
    </message>
    <message>
        <source>{names} and {count} more are written to {folder}.</source>
        <translation>{names} und {count} weitere sind nach {folder} geschrieben.</translation>
    </message>
    <message>
        <source>Written to {folder}: {names}.</source>
        <translation>Nach {folder} geschrieben: {names}.</translation>
    </message>
</context>
<context>
    <name>LayerGuard</name>
    <message>
        <source>Other layers hold these pixels, and “Only where nothing else is” is on.</source>
        <translation>Andere Ebenen halten diese Pixel, und „Nur wo sonst nichts ist“ ist an.</translation>
    </message>
    <message>
        <source>Turn it off</source>
        <translation>Ausschalten</translation>
    </message>
</context>
<context>
    <name>LayerRefusal</name>
    <message>
        <source>“{layer}” is hidden; show it to change it.</source>
        <translation>„{layer}“ ist ausgeblendet; blenden Sie die Ebene ein, um sie zu ändern.</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Einblenden</translation>
    </message>
    <message>
        <source>“{layer}” is locked; unlock it to change it.</source>
        <translation>„{layer}“ ist gesperrt; entsperren Sie die Ebene, um sie zu ändern.</translation>
    </message>
    <message>
        <source>Unlock it</source>
        <translation>Entsperren</translation>
    </message>
</context>
<context>
    <name>LayerRow</name>
    <message>
        <source>Name of the layer</source>
        <translation>Name der Ebene</translation>
    </message>
    <message>
        <source>Hide the layer {name}</source>
        <translation>Ebene {name} verbergen</translation>
    </message>
    <message>
        <source>Show the layer {name}</source>
        <translation>Ebene {name} zeigen</translation>
    </message>
    <message>
        <source>With Alt: only this layer, or all again.</source>
        <translation>Mit Alt: nur diese Ebene, oder wieder alle.</translation>
    </message>
    <message>
        <source>Unlock the layer {name}</source>
        <translation>Ebene {name} entsperren</translation>
    </message>
    <message>
        <source>Lock the layer {name}</source>
        <translation>Ebene {name} sperren</translation>
    </message>
    <message>
        <source>Another colour for the layer {name}</source>
        <translation>Andere Farbe für die Ebene {name}</translation>
    </message>
    <message>
        <source>active</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>A double-click renames it; drag it to change the order.</source>
        <translation>Ein Doppelklick benennt sie um; Ziehen ändert die Reihenfolge.</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>Object {number}</source>
        <translation>Objekt {number}</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Layers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>List of layers</source>
        <translation>Liste der Ebenen</translation>
    </message>
    <message>
        <source>Categories used before</source>
        <translation>Bisher verwendete Kategorien</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>What the active layer shows, such as person or dog; annotations are written with it.</source>
        <translation>Was die aktive Ebene zeigt, etwa Person oder Hund; Annotationen werden damit geschrieben.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Only where nothing else is</source>
        <translation>Nur wo sonst nichts ist</translation>
    </message>
    <message>
        <source>Brushes, the lasso and networks leave alone what shown or locked layers hold.</source>
        <translation>Pinsel, Lasso und Netze lassen in Ruhe, was sichtbare oder gesperrte Ebenen halten.</translation>
    </message>
</context>
<context>
    <name>Licences</name>
    <message>
        <source>Qt {version} and its bindings PySide6 are used under the GNU Lesser General Public License, version 3, as published by The Qt Company and unchanged. They are separate shared libraries in the folder PySide6: you may replace them by your own build of the same version, with pip where the program was installed that way, or file by file. Their source code is at https://download.qt.io and https://code.qt.io. You may change the program for your own use and take it apart to find mistakes in such changes. The texts of both licences follow.</source>
        <translation>Qt {version} und seine Anbindung PySide6 werden unter der GNU Lesser General Public License, Version 3, verwendet, wie von The Qt Company veröffentlicht und unverändert. Sie sind eigene gemeinsam benutzte Bibliotheken im Ordner PySide6: Sie dürfen sie durch einen eigenen Bau derselben Version ersetzen, mit pip, wo das Programm so installiert wurde, oder Datei für Datei. Ihr Quelltext liegt unter https://download.qt.io und https://code.qt.io. Sie dürfen das Programm für den eigenen Gebrauch ändern und zerlegen, um Fehler in solchen Änderungen zu finden. Die Texte beider Lizenzen folgen.</translation>
    </message>
    <message>
        <source>{name} came without the text of its licence ({licence}); its project page has it.</source>
        <translation>{name} kam ohne den Text seiner Lizenz ({licence}); seine Projektseite hat ihn.</translation>
    </message>
    <message>
        <source>this program</source>
        <translation>dieses Programm</translation>
    </message>
    <message>
        <source>the window (Qt)</source>
        <translation>das Fenster (Qt)</translation>
    </message>
    <message>
        <source>joins Qt and Python</source>
        <translation>verbindet Qt und Python</translation>
    </message>
    <message>
        <source>runs the networks</source>
        <translation>rechnet die Netze</translation>
    </message>
    <message>
        <source>arrays of numbers</source>
        <translation>Felder von Zahlen</translation>
    </message>
    <message>
        <source>fast picture arithmetic</source>
        <translation>schnelles Rechnen mit Bildern</translation>
    </message>
    <message>
        <source>reads and writes pictures</source>
        <translation>liest und schreibt Bilder</translation>
    </message>
    <message>
        <source>reads HEIC and AVIF</source>
        <translation>liest HEIC und AVIF</translation>
    </message>
    <message>
        <source>writes PSD</source>
        <translation>schreibt PSD</translation>
    </message>
    <message>
        <source>reads weights</source>
        <translation>liest Gewichte</translation>
    </message>
    <message>
        <source>a solver for clicks</source>
        <translation>ein Löser für Klicks</translation>
    </message>
    <message>
        <source>packs what undo remembers</source>
        <translation>packt, was Rückgängig sich merkt</translation>
    </message>
    <message>
        <source>finds the folders for settings</source>
        <translation>findet die Ordner der Einstellungen</translation>
    </message>
    <message>
        <source>progress of the command line</source>
        <translation>Fortschritt der Befehlszeile</translation>
    </message>
</context>
<context>
    <name>LookBar</name>
    <message>
        <source>Look here</source>
        <translation>Hierher schauen</translation>
    </message>
    <message>
        <source>Stop looking</source>
        <translation>Nicht mehr schauen</translation>
    </message>
    <message>
        <source>Put this bar away; the list stays (Esc).</source>
        <translation>Diese Leiste wegräumen; die Liste bleibt (Esc).</translation>
    </message>
</context>
<context>
    <name>LookHere</name>
    <message>
        <source>No place of the edge is in doubt</source>
        <translation>Keine Stelle der Kante ist zweifelhaft</translation>
    </message>
    <message>
        <source>1 place to look at, {percent} of the edge</source>
        <translation>1 Stelle anzusehen, {percent} der Kante</translation>
    </message>
    <message>
        <source>{count} places to look at, {percent} of the edge</source>
        <translation>{count} Stellen anzusehen, {percent} der Kante</translation>
    </message>
    <message>
        <source>Place {index} of {count}, {percent} of the edge left</source>
        <translation>Stelle {index} von {count}, noch {percent} der Kante</translation>
    </message>
    <message>
        <source>Done here, 1 place left</source>
        <translation>Hier fertig, noch 1 Stelle</translation>
    </message>
    <message>
        <source>Done here, {count} places left</source>
        <translation>Hier fertig, noch {count} Stellen</translation>
    </message>
    <message>
        <source>The edge is right here</source>
        <translation>Die Kante stimmt hier</translation>
    </message>
    <message>
        <source>There is nothing left to look at: no place of the edge is in doubt.</source>
        <translation>Es ist nichts mehr anzusehen: Keine Stelle der Kante ist zweifelhaft.</translation>
    </message>
    <message>
        <source>The networks are still at work; the first place comes when they are done.</source>
        <translation>Die Netze arbeiten noch; die erste Stelle kommt, wenn sie fertig sind.</translation>
    </message>
    <message>
        <source>This layer has no edge yet; find the object or paint it first.</source>
        <translation>Diese Ebene hat noch keine Kante; suchen oder malen Sie zuerst das Objekt.</translation>
    </message>
    <message>
        <source>The networks look over the edge first; the mask stays as it is.</source>
        <translation>Die Netze sehen zuerst die Kante durch; die Maske bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>under 1 %</source>
        <translation>unter 1 %</translation>
    </message>
    <message>
        <source>{share} %</source>
        <translation>{share} %</translation>
    </message>
</context>
<context>
    <name>LookPage</name>
    <message>
        <source>Colours of the window</source>
        <translation>Farben des Fensters</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>The window speaks it from the next start.</source>
        <translation>Das Fenster spricht sie ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Strength of the overlay</source>
        <translation>Stärke der Überlagerung</translation>
    </message>
    <message>
        <source>Colour the background instead of the object</source>
        <translation>Statt des Objekts den Hintergrund färben</translation>
    </message>
</context>
<context>
    <name>MaskFiles</name>
    <message>
        <source>{name} may be a mask of this photo.</source>
        <translation>{name} ist vielleicht eine Maske dieses Fotos.</translation>
    </message>
    <message>
        <source>Use it as the mask</source>
        <translation>Als Maske nehmen</translation>
    </message>
    <message>
        <source>Open it as a photo</source>
        <translation>Als Foto öffnen</translation>
    </message>
    <message>
        <source>This picture may be a mask of the photo.</source>
        <translation>Dieses Bild ist vielleicht eine Maske des Fotos.</translation>
    </message>
    <message>
        <source>{name} is {width} × {height} pixels and the photo {photo_width} × {photo_height}. What shall become of the mask?</source>
        <translation>{name} hat {width} × {height} Pixel und das Foto {photo_width} × {photo_height}. Was soll aus der Maske werden?</translation>
    </message>
    <message>
        <source>Scale it to the photo</source>
        <translation>Auf das Foto skalieren</translation>
    </message>
    <message>
        <source>Put it at the top left corner</source>
        <translation>In die linke obere Ecke legen</translation>
    </message>
    <message>
        <source>Turn it right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Turn it left</source>
        <translation>Nach links drehen</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Lassen</translation>
    </message>
    <message>
        <source>Use a mask</source>
        <translation>Maske nehmen</translation>
    </message>
    <message>
        <source>{name} holds no object inside this photo; the mask is as it was.</source>
        <translation>{name} enthält kein Objekt, das in diesem Foto liegt; die Maske ist, wie sie war.</translation>
    </message>
    <message>
        <source>Refine the edge</source>
        <translation>Kante verfeinern</translation>
    </message>
    <message>
        <source>{name} holds {count} objects; each has a layer now.</source>
        <translation>{name} enthält {count} Objekte; jedes hat jetzt eine Ebene.</translation>
    </message>
    <message>
        <source>{name} is dark on light and was turned over: the dark part is the object.</source>
        <translation>{name} ist dunkel auf hell und wurde umgekehrt: Das Dunkle ist das Objekt.</translation>
    </message>
    <message>
        <source>{name} may be dark on light; is the light part the object?</source>
        <translation>{name} ist vielleicht dunkel auf hell; ist das Helle das Objekt?</translation>
    </message>
    <message>
        <source>{name} holds {count} objects, too many for layers; they are one mask.</source>
        <translation>{name} enthält {count} Objekte, zu viele für Ebenen; sie sind eine Maske.</translation>
    </message>
    <message>
        <source>{name} is the mask of “{layer}” now.</source>
        <translation>{name} ist jetzt die Maske von „{layer}“.</translation>
    </message>
    <message>
        <source>Turn it over</source>
        <translation>Umkehren</translation>
    </message>
    <message>
        <source>Turn the mask over</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>The pasted mask</source>
        <translation>Die eingefügte Maske</translation>
    </message>
</context>
<context>
    <name>MaskFolders</name>
    <message>
        <source>The photos themselves are in {folder}; choose the folder of their masks.</source>
        <translation>In {folder} liegen die Fotos selbst; wählen Sie den Ordner ihrer Masken.</translation>
    </message>
    <message>
        <source>The folder of masks {folder} is gone; choose another, or go on without.</source>
        <translation>Der Maskenordner {folder} ist nicht mehr da; wählen Sie einen anderen, oder arbeiten Sie ohne weiter.</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>Photos with a mask in {folder}: {count}. Use these masks?</source>
        <translation>Fotos mit einer Maske in {folder}: {count}. Diese Masken verwenden?</translation>
    </message>
    <message>
        <source>Use them and write changes back</source>
        <translation>Verwenden und Änderungen zurückschreiben</translation>
    </message>
    <message>
        <source>Use them</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Never for this folder</source>
        <translation>Für diesen Ordner nie</translation>
    </message>
    <message>
        <source>No photo has a mask in {folder} yet. Write new masks there?</source>
        <translation>In {folder} ist noch keine Maske zu einem Foto. Neue Masken dorthin schreiben?</translation>
    </message>
    <message>
        <source>Write them there</source>
        <translation>Dorthin schreiben</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Lassen</translation>
    </message>
    <message>
        <source>{count} masks from {folder} are used, as before.</source>
        <translation>{count} Masken aus {folder} werden verwendet, wie zuvor.</translation>
    </message>
    <message>
        <source>{count} masks from {folder} are used and changes are written back, as before.</source>
        <translation>{count} Masken aus {folder} werden verwendet und Änderungen zurückgeschrieben, wie zuvor.</translation>
    </message>
    <message>
        <source>Stop that</source>
        <translation>Damit aufhören</translation>
    </message>
    <message>
        <source>{mask} may be the mask of another photo whose name differs from {name} only in the suffix; it is shown, and where masks are written back, changes go into {own}.</source>
        <translation>{mask} ist vielleicht die Maske eines anderen Fotos, dessen Name sich von {name} nur in der Endung unterscheidet; sie wird gezeigt, und wo Masken zurückgeschrieben werden, kommen Änderungen in {own}.</translation>
    </message>
    <message>
        <source>{name} and the layers that were saved for this photo differ; these layers are shown.</source>
        <translation>{name} und die für dieses Foto gespeicherten Ebenen sind verschieden; zu sehen sind diese Ebenen.</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>{name} verwenden</translation>
    </message>
    <message>
        <source>Keep these layers</source>
        <translation>Diese Ebenen behalten</translation>
    </message>
</context>
<context>
    <name>MaskKind</name>
    <message>
        <source>transparency of a {format}</source>
        <translation>Transparenz eines {format}</translation>
    </message>
    <message>
        <source>label map as a {format}</source>
        <translation>Nummernbild als {format}</translation>
    </message>
    <message>
        <source>map of colours as a {format}</source>
        <translation>Farbbild als {format}</translation>
    </message>
    <message>
        <source>1-bit {format}</source>
        <translation>{format} mit 1 Bit</translation>
    </message>
    <message>
        <source>16-bit grey {format}</source>
        <translation>{format} in Grau mit 16 Bit</translation>
    </message>
    <message>
        <source>8-bit grey {format}</source>
        <translation>{format} in Grau mit 8 Bit</translation>
    </message>
    <message>
        <source>{kind}, dark on light</source>
        <translation>{kind}, dunkel auf hell</translation>
    </message>
</context>
<context>
    <name>MaskSaving</name>
    <message>
        <source>Saving writes the mask back to {name}.</source>
        <translation>Speichern schreibt die Maske in {name} zurück.</translation>
    </message>
    <message>
        <source>Saving asks for a folder for the layers.</source>
        <translation>Speichern fragt nach einem Ordner für die Ebenen.</translation>
    </message>
    <message>
        <source>Saving keeps the layers in {folder}.</source>
        <translation>Speichern legt die Ebenen in {folder} ab.</translation>
    </message>
    <message>
        <source>{name} was changed by another program since it was read. Replace it all the same?</source>
        <translation>{name} wurde seit dem Lesen von einem anderen Programm geändert. Trotzdem ersetzen?</translation>
    </message>
    <message>
        <source>Write your layers into {name}? What you did not change stays as it is there.</source>
        <translation>Die Ebenen in {name} schreiben? Was nicht geändert wurde, bleibt dort, wie es ist.</translation>
    </message>
    <message>
        <source>Replace {name} with your mask, in its own form ({kind})?</source>
        <translation>{name} durch Ihre Maske in seiner eigenen Form ersetzen ({kind})?</translation>
    </message>
    <message>
        <source>Replace {name} with your mask ({kind})? It will be as large as the photo then.</source>
        <translation>{name} durch Ihre Maske ersetzen ({kind})? Sie ist dann so groß wie das Foto.</translation>
    </message>
    <message>
        <source>Replace {name}</source>
        <translation>{name} ersetzen</translation>
    </message>
    <message>
        <source>Save as {name}</source>
        <translation>Als {name} speichern</translation>
    </message>
    <message>
        <source>Only keep the layers</source>
        <translation>Nur die Ebenen behalten</translation>
    </message>
    <message>
        <source>{name} cannot be written back, for it is a {kind}; a PNG holds the same. Write that beside it?</source>
        <translation>{name} kann nicht zurückgeschrieben werden, denn es ist: {kind}; ein PNG enthält dasselbe. Dieses daneben schreiben?</translation>
    </message>
    <message>
        <source>{name} is saved in {folder}.</source>
        <translation>{name} ist in {folder} gespeichert.</translation>
    </message>
    <message>
        <source>Keep the layers beside the photo</source>
        <translation>Die Ebenen neben dem Foto ablegen</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>MessageRow</name>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>Networks</name>
    <message>
        <source>Finds the object</source>
        <translation>Findet das Objekt</translation>
    </message>
    <message>
        <source>Perfects the edge</source>
        <translation>Verfeinert die Kante</translation>
    </message>
    <message>
        <source>Follows clicks</source>
        <translation>Folgt Klicks</translation>
    </message>
    <message>
        <source>Finds every object</source>
        <translation>Findet jedes Objekt</translation>
    </message>
    <message>
        <source>The better edge on all kinds of masks, and the fastest.</source>
        <translation>Die bessere Kante bei Masken aller Art, und am schnellsten.</translation>
    </message>
    <message>
        <source>A second opinion on an edge; takes three times as long.</source>
        <translation>Eine zweite Meinung zu einer Kante; braucht dreimal so lange.</translation>
    </message>
    <message>
        <source>its weights are not installed</source>
        <translation>seine Gewichte sind nicht installiert</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>Gemacht mit</translation>
    </message>
    <message>
        <source>Known to do badly</source>
        <translation>Bekannte Schwächen</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trainiert mit</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>Bedingungen</translation>
    </message>
    <message>
        <source>Use the fastest device there is</source>
        <translation>Das schnellste Gerät nehmen, das es gibt</translation>
    </message>
    <message>
        <source>The networks run on {device} now.</source>
        <translation>Die Netze laufen jetzt auf {device}.</translation>
    </message>
    <message>
        <source>Masks that are far off, on large photos: the edge comes back a little less exactly than MOS_H&apos;s, by up to a point of mBA.</source>
        <translation>Masken, die weit daneben liegen, auf großen Fotos: Die Kante kommt etwas ungenauer zurück als bei MOS_H, um bis zu einen Punkt mBA.</translation>
    </message>
    <message>
        <source>Detail that was lost when a mask was enlarged by eight or more: MOS_H brings back a little more of it.</source>
        <translation>Feinheiten, die verloren gingen, als eine Maske um das Achtfache oder mehr vergrößert wurde: MOS_H bringt davon etwas mehr zurück.</translation>
    </message>
    <message>
        <source>Thin parts that the mask lacked, such as antennae and claws, stay out.</source>
        <translation>Dünne Teile, die der Maske fehlten, etwa Fühler und Scheren, bleiben draußen.</translation>
    </message>
    <message>
        <source>It takes two and a half to three times as long as MOS_H.</source>
        <translation>Es braucht zweieinhalb- bis dreimal so lange wie MOS_H.</translation>
    </message>
    <message>
        <source>Things among many of their kind (one person of a crowd, one car of a row) take several clicks; outlines of instances were few to learn from.</source>
        <translation>Dinge unter vielen ihrer Art (ein Mensch in einer Menge, ein Auto einer Reihe) brauchen mehrere Klicks; es gab wenige Umrisse einzelner Objekte, aus denen zu lernen war.</translation>
    </message>
    <message>
        <source>Thin parts far from a click come out coarse; sharpening the edge helps where it is near.</source>
        <translation>Dünne Teile weit weg von einem Klick werden grob; wo die Kante nahe liegt, hilft es, sie zu schärfen.</translation>
    </message>
    <message>
        <source>Where a mask lost its detail by a shrink of 4 it moves edges to where it believes them to be: mBA .873 becomes .850 on hand-made masks.</source>
        <translation>Wo eine Maske ihre Feinheiten durch eine Verkleinerung um 4 verlor, rückt es Kanten dorthin, wo es sie vermutet: Aus mBA ,873 wird ,850 bei Masken von Hand.</translation>
    </message>
    <message>
        <source>Adds two points of mBA to one look of MOS_L on photos of a few hundred pixels, hardly more.</source>
        <translation>Bringt auf Fotos von einigen hundert Pixeln zwei Punkte mBA über einen Blick von MOS_L hinaus, kaum mehr.</translation>
    </message>
    <message>
        <source>An edge that a hand drew a pixel off stays a pixel off: what would move by a pixel only is left alone.</source>
        <translation>Eine Kante, die von Hand um ein Pixel daneben gezogen wurde, bleibt um ein Pixel daneben: Was sich nur um ein Pixel bewegen würde, bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Takes what lies around a small object for a part of it: the leaf under a beetle, the wake of a boat.</source>
        <translation>Hält, was um ein kleines Objekt herum liegt, für einen Teil davon: das Blatt unter einem Käfer, das Kielwasser eines Boots.</translation>
    </message>
    <message>
        <source>In cluttered rooms it may also mark a bright thing beside the object.</source>
        <translation>In vollgestellten Räumen kann es auch etwas Helles neben dem Objekt markieren.</translation>
    </message>
    <message>
        <source>Thin parts (legs, antennae, spokes) come out coarse: one look sees at most 336 pixels.</source>
        <translation>Dünne Teile (Beine, Fühler, Speichen) werden grob: Ein Blick sieht höchstens 336 Pixel.</translation>
    </message>
    <message>
        <source>A close-up that fills the picture may lose parts out of focus, such as a cat&apos;s chin or ear.</source>
        <translation>Eine Nahaufnahme, die das Bild füllt, kann unscharfe Teile verlieren, etwa das Kinn oder ein Ohr einer Katze.</translation>
    </message>
    <message>
        <source>DUTS-TR (Wang et al. 2017), the train part of the hash split of its 10,553 pairs; public on GitHub (aviroshkovan/DUTS-TR); no licence stated, photographs from ImageNet and SUN, research use</source>
        <translation>DUTS-TR (Wang et al. 2017), von seinen 10.553 Paaren der Teil der Hash-Aufteilung zum Trainieren; öffentlich auf GitHub (aviroshkovan/DUTS-TR); keine Lizenz angegeben, Fotos aus ImageNet und SUN, für die Forschung</translation>
    </message>
    <message>
        <source>Clothing Co-Parsing (Yang et al. 2014), 515 of 1,004 pairs; public on GitHub (bearpaw/clothing-co-parsing); Apache-2.0, rights in the street photographs unknown</source>
        <translation>Clothing Co-Parsing (Yang et al. 2014), 515 von 1.004 Paaren; öffentlich auf GitHub (bearpaw/clothing-co-parsing); Apache-2.0, Rechte an den Straßenfotos unbekannt</translation>
    </message>
    <message>
        <source>Fluent Emoji 3D (npm @lobehub/fluent-emoji-3d), 450 objects with alpha, composited over photographs of the first set; MIT</source>
        <translation>Fluent Emoji 3D (npm @lobehub/fluent-emoji-3d), 450 Objekte mit Alphakanal, auf Fotos der ersten Sammlung gelegt; MIT</translation>
    </message>
    <message>
        <source>drawn while training (training/common/shapes.py): no terms of anyone else</source>
        <translation>beim Trainieren gezeichnet (training/common/shapes.py): keine Bedingungen von anderen</translation>
    </message>
    <message>
        <source>objects and photographs of DUTS-TR put over one another (see there)</source>
        <translation>Objekte und Fotos von DUTS-TR, übereinandergelegt (siehe dort)</translation>
    </message>
    <message>
        <source>photographs of DUTS-TR in which several things lie apart, each an object (see there)</source>
        <translation>Fotos von DUTS-TR, auf denen mehrere Dinge getrennt voneinander liegen, jedes als Objekt für sich (siehe dort)</translation>
    </message>
    <message>
        <source>objects of DUTS-TR put over photographs of it that show the same kind of thing (see there)</source>
        <translation>Objekte von DUTS-TR auf Fotos daraus, die die gleiche Art von Ding zeigen (siehe dort)</translation>
    </message>
    <message>
        <source>persons of Clothing Co-Parsing (Yang et al. 2014) put over one another&apos;s photographs; public on GitHub (bearpaw/clothing-co-parsing); Apache-2.0, rights in the street photographs unknown</source>
        <translation>Menschen aus Clothing Co-Parsing (Yang et al. 2014), auf die Fotos der jeweils anderen gelegt; öffentlich auf GitHub (bearpaw/clothing-co-parsing); Apache-2.0, Rechte an den Straßenfotos unbekannt</translation>
    </message>
    <message>
        <source>COCO 2017 (Lin et al. 2014), 292 pictures of train2017 with their instances; annotations CC BY 4.0, photographs under the Flickr licence of each</source>
        <translation>COCO 2017 (Lin et al. 2014), 292 Bilder von train2017 mit ihren Objekten; Annotationen CC BY 4.0, jedes Foto unter seiner Lizenz bei Flickr</translation>
    </message>
    <message>
        <source>feral cats, 291 pictures (GitHub pcashman21/feral-cat-segmentation-dataset-and-model, valid and test parts); stated by the source as public domain, rights in the photographs uncertain</source>
        <translation>verwilderte Katzen, 291 Bilder (GitHub pcashman21/feral-cat-segmentation-dataset-and-model, Teile valid und test); laut Quelle gemeinfrei, Rechte an den Fotos unsicher</translation>
    </message>
    <message>
        <source>Penn-Fudan pedestrians (Wang et al. 2007), 170 pictures; free for research</source>
        <translation>Fußgänger von Penn-Fudan (Wang et al. 2007), 170 Bilder; frei für die Forschung</translation>
    </message>
    <message>
        <source>encoder started from mobilenet_v2_deeplab_voc (Apache-2.0; see the encoder&apos;s own source for its training data)</source>
        <translation>Encoder begonnen mit mobilenet_v2_deeplab_voc (Apache-2.0; womit er trainiert wurde, sagt seine eigene Quelle)</translation>
    </message>
    <message>
        <source>encoder started from mobilenet_v2_oid_detector (Apache-2.0; see the encoder&apos;s own source for its training data)</source>
        <translation>Encoder begonnen mit mobilenet_v2_oid_detector (Apache-2.0; womit er trainiert wurde, sagt seine eigene Quelle)</translation>
    </message>
    <message>
        <source>what follows the encoder first trained on one started from mobilenet_v2_deeplab_voc (Apache-2.0; see the encoder&apos;s own source for its training data)</source>
        <translation>was auf den Encoder folgt, zuerst auf einem trainiert, der mit mobilenet_v2_deeplab_voc begann (Apache-2.0; womit er trainiert wurde, sagt seine eigene Quelle)</translation>
    </message>
    <message>
        <source>objects of DUTS-TR put over photographs of it (see there)</source>
        <translation>Objekte von DUTS-TR auf Fotos daraus (siehe dort)</translation>
    </message>
    <message>
        <source>encoder started from efficientnet_lite0 (Apache-2.0; see the encoder&apos;s own source for its training data)</source>
        <translation>Encoder begonnen mit efficientnet_lite0 (Apache-2.0; womit er trainiert wurde, sagt seine eigene Quelle)</translation>
    </message>
    <message>
        <source>The weights are made for this program under its licence (Apache-2.0). They were trained on research data whose photographs have unknown or mixed rights (see data): check whether your use allows that.</source>
        <translation>Die Gewichte wurden für dieses Programm gemacht und stehen unter seiner Lizenz (Apache-2.0). Sie wurden mit Forschungsdaten trainiert, an deren Fotos die Rechte unbekannt oder verschieden sind (siehe Daten): Prüfen Sie, ob Ihre Verwendung das erlaubt.</translation>
    </message>
</context>
<context>
    <name>NetworksPage</name>
    <message>
        <source>Networks run on</source>
        <translation>Netze laufen auf</translation>
    </message>
    <message>
        <source>The fastest there is</source>
        <translation>Das Schnellste, was da ist</translation>
    </message>
    <message>
        <source>Threads of the CPU</source>
        <translation>Threads des Prozessors</translation>
    </message>
    <message>
        <source>0 leaves one core free.</source>
        <translation>0 lässt einen Kern frei.</translation>
    </message>
    <message>
        <source>all but one</source>
        <translation>alle bis auf einen</translation>
    </message>
    <message>
        <source>What is known of the network</source>
        <translation>Was vom Netz bekannt ist</translation>
    </message>
    <message>
        <source>Add weights from a file…</source>
        <translation>Gewichte aus einer Datei hinzufügen…</translation>
    </message>
    <message>
        <source>Copy a .safetensors file and the card beside it into your folder.</source>
        <translation>Eine .safetensors-Datei und die Karte daneben in Ihren Ordner kopieren.</translation>
    </message>
    <message>
        <source>Add weights</source>
        <translation>Gewichte hinzufügen</translation>
    </message>
    <message>
        <source>Weights (*.safetensors)</source>
        <translation>Gewichte (*.safetensors)</translation>
    </message>
    <message>
        <source>{name} is installed; choose it in the preferences to use it.</source>
        <translation>{name} ist installiert; wählen Sie es in den Einstellungen, um es zu verwenden.</translation>
    </message>
    <message>
        <source>{name} is installed; choose it above to use it.</source>
        <translation>{name} ist installiert; wählen Sie es oben, um es zu verwenden.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>No object was found in the box.</source>
        <translation>Im Rahmen wurde kein Objekt gefunden.</translation>
    </message>
    <message>
        <source>No object was found here.</source>
        <translation>Hier wurde kein Objekt gefunden.</translation>
    </message>
    <message>
        <source>Find in a box</source>
        <translation>In einem Rahmen suchen</translation>
    </message>
    <message>
        <source>Paint it</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Find again</source>
        <translation>Neu suchen</translation>
    </message>
    <message>
        <source>Clear the mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>{name} is written to {folder}.</source>
        <translation>{name} ist nach {folder} geschrieben.</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>Ordner zeigen</translation>
    </message>
</context>
<context>
    <name>Opener</name>
    <message>
        <source>untitled</source>
        <translation>unbenannt</translation>
    </message>
</context>
<context>
    <name>PanelDock</name>
    <message>
        <source>Layers and history</source>
        <translation>Ebenen und Verlauf</translation>
    </message>
    <message>
        <source>Close the panels; the menu View brings them back.</source>
        <translation>Die Seitenleiste schließen; das Menü Ansicht bringt sie zurück.</translation>
    </message>
    <message>
        <source>Close the panels</source>
        <translation>Seitenleiste schließen</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Ebenen</translation>
    </message>
</context>
<context>
    <name>PhotoList</name>
    <message>
        <source>All photos</source>
        <translation>Alle Fotos</translation>
    </message>
    <message>
        <source>Not done</source>
        <translation>Nicht fertig</translation>
    </message>
    <message>
        <source>Untouched</source>
        <translation>Unberührt</translation>
    </message>
    <message>
        <source>Masked</source>
        <translation>Mit Maske</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Bearbeitet</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>Exportiert</translation>
    </message>
</context>
<context>
    <name>PhotoState</name>
    <message>
        <source>untouched</source>
        <translation>unberührt</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>mit Maske</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>exported</source>
        <translation>exportiert</translation>
    </message>
</context>
<context>
    <name>PhotosPage</name>
    <message>
        <source>Find the object as soon as a photo is open</source>
        <translation>Das Objekt suchen, sobald ein Foto offen ist</translation>
    </message>
    <message>
        <source>Largest photo</source>
        <translation>Größtes Foto</translation>
    </message>
    <message>
        <source> megapixels</source>
        <translation> Megapixel</translation>
    </message>
    <message>
        <source>Longest side</source>
        <translation>Längste Seite</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <source>Larger files are refused before memory is taken: a damaged file can claim to be of any size.</source>
        <translation>Größere Dateien werden abgelehnt, bevor Speicher belegt wird: Eine beschädigte Datei kann jede Größe vorgeben.</translation>
    </message>
</context>
<context>
    <name>PointBar</name>
    <message>
        <source>Point at the object</source>
        <translation>Auf das Objekt zeigen</translation>
    </message>
    <message>
        <source>Working on your click…</source>
        <translation>Der Klick wird bearbeitet…</translation>
    </message>
    <message>
        <source>Click what does not belong, right-click the object (the buttons are swapped)</source>
        <translation>Anklicken, was nicht dazugehört, das Objekt rechts anklicken (die Tasten sind vertauscht)</translation>
    </message>
    <message>
        <source>Click the object, right-click what does not belong; or drag a box round it</source>
        <translation>Das Objekt anklicken, rechts anklicken, was nicht dazugehört; oder einen Rahmen darum ziehen</translation>
    </message>
    <message>
        <source>The click may mean (Tab):</source>
        <translation>Der Klick kann meinen (Tab):</translation>
    </message>
    <message>
        <source>Click what is missing, right-click what is too much</source>
        <translation>Anklicken, was fehlt; rechts anklicken, was zu viel ist</translation>
    </message>
    <message>
        <source>Parts: {parts} · clicks: {clicks}</source>
        <translation>Teile: {parts} · Klicks: {clicks}</translation>
    </message>
    <message>
        <source>Clicks: {clicks}</source>
        <translation>Klicks: {clicks}</translation>
    </message>
    <message>
        <source>What the click may mean; Tab shows one after the other.</source>
        <translation>Was der Klick meinen kann; die Tabulatortaste zeigt eins nach dem anderen.</translation>
    </message>
</context>
<context>
    <name>PointPanel</name>
    <message>
        <source>All controls of clicks</source>
        <translation>Alle Regler für Klicks</translation>
    </message>
    <message>
        <source>Clicks: all controls</source>
        <translation>Klicks: alle Regler</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Set everything here as it came with the program.</source>
        <translation>Hier alles so einstellen, wie es mit dem Programm kam.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Fold the controls away; they keep their values.</source>
        <translation>Die Regler wegklappen; sie behalten ihre Werte.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>How the network is made to agree with the clicks (back-propagating refinement).</source>
        <translation>Wie das Netz dazu gebracht wird, den Klicks zu folgen (Back-propagating Refinement).</translation>
    </message>
    <message>
        <source>f-BRS-B around the clicks</source>
        <translation>f-BRS-B um die Klicks</translation>
    </message>
    <message>
        <source>None, the network alone</source>
        <translation>Keines, nur das Netz</translation>
    </message>
    <message>
        <source>Steps of the method</source>
        <translation>Schritte des Verfahrens</translation>
    </message>
    <message>
        <source>The most evaluations of L-BFGS for one click.</source>
        <translation>So viele Auswertungen von L-BFGS höchstens für einen Klick.</translation>
    </message>
    <message>
        <source>Clicks shown to the network</source>
        <translation>Klicks für das Netz</translation>
    </message>
    <message>
        <source>Only so many of the first clicks are drawn for the network; all are obeyed.</source>
        <translation>Nur so viele der ersten Klicks sieht das Netz; befolgt werden alle.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Look closer</source>
        <translation>Näher hinsehen</translation>
    </message>
    <message>
        <source>Look at the object instead of all the photo.</source>
        <translation>Das Objekt ansehen statt des ganzen Fotos.</translation>
    </message>
    <message>
        <source>Closer after clicks</source>
        <translation>Näher nach Klicks</translation>
    </message>
    <message>
        <source>So many clicks are made before the network looks closer.</source>
        <translation>So viele Klicks werden gesetzt, bevor das Netz näher hinsieht.</translation>
    </message>
    <message>
        <source>Room around</source>
        <translation>Raum darum</translation>
    </message>
    <message>
        <source>How much larger than the object the part is that the network sees.</source>
        <translation>Wie viel größer als das Objekt der Ausschnitt ist, den das Netz sieht.</translation>
    </message>
    <message>
        <source>Picture for the network</source>
        <translation>Bild für das Netz</translation>
    </message>
    <message>
        <source>Side of the picture that the network sees; larger is finer and slower.</source>
        <translation>Seite des Bildes, das das Netz sieht; größer ist feiner und langsamer.</translation>
    </message>
    <message>
        <source>as trained</source>
        <translation>wie trainiert</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>How likely a pixel must be to belong to the object.</source>
        <translation>Wie wahrscheinlich ein Pixel sein muss, um zum Objekt zu gehören.</translation>
    </message>
    <message>
        <source>A click changes</source>
        <translation>Ein Klick ändert</translation>
    </message>
    <message>
        <source>Whether a click changes only the piece it is about, or everything may move.</source>
        <translation>Ob ein Klick nur das Stück ändert, um das es geht, oder alles sich ändern darf.</translation>
    </message>
    <message>
        <source>its piece, on a mask</source>
        <translation>sein Stück, bei einer Maske</translation>
    </message>
    <message>
        <source>its piece, always</source>
        <translation>sein Stück, immer</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>alles</translation>
    </message>
    <message>
        <source>Size of the marks</source>
        <translation>Größe der Marken</translation>
    </message>
    <message>
        <source>Radius of the marks of clicks on the screen.</source>
        <translation>Radius der Marken von Klicks auf dem Bildschirm.</translation>
    </message>
    <message>
        <source>Strength of the overlay</source>
        <translation>Stärke der Überlagerung</translation>
    </message>
    <message>
        <source>How strongly the colour of the mask lies over the photo, as in the preferences.</source>
        <translation>Wie stark die Farbe der Maske über dem Foto liegt, wie in den Einstellungen.</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>What could not be saved</source>
        <translation>Was nicht gespeichert werden konnte</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Undo and safety</source>
        <translation>Rückgängig und Sicherheit</translation>
    </message>
    <message>
        <source>Copy and export</source>
        <translation>Kopieren und Exportieren</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Changes count at once. Everything is in {path}.</source>
        <translation>Änderungen gelten sofort. Alles steht in {path}.</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>PresetBar</name>
    <message>
        <source>Preset</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Name of the preset, then Enter</source>
        <translation>Name der Vorlage, dann Eingabetaste</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>Name der Vorlage</translation>
    </message>
    <message>
        <source>Keep these choices as a preset</source>
        <translation>Diese Auswahl als Vorlage behalten</translation>
    </message>
    <message>
        <source>Delete this preset</source>
        <translation>Diese Vorlage löschen</translation>
    </message>
    <message>
        <source>{key} writes by this preset</source>
        <translation>{key} schreibt nach dieser Vorlage</translation>
    </message>
    <message>
        <source>Cut-out as PNG</source>
        <translation>Freigestellt als PNG</translation>
    </message>
    <message>
        <source>Own choices</source>
        <translation>Eigene Auswahl</translation>
    </message>
</context>
<context>
    <name>PreviewPane</name>
    <message>
        <source>Preview of the export</source>
        <translation>Vorschau des Exports</translation>
    </message>
    <message>
        <source>Click to see every pixel, drag to move, click again to see the whole.</source>
        <translation>Klicken zeigt jedes Pixel, Ziehen verschiebt, noch ein Klick zeigt wieder alles.</translation>
    </message>
</context>
<context>
    <name>QuietSaving</name>
    <message>
        <source>Save elsewhere…</source>
        <translation>Anderswo speichern…</translation>
    </message>
    <message>
        <source>Go back to it</source>
        <translation>Dorthin zurück</translation>
    </message>
    <message>
        <source>The layers of {name} are only in memory: {why}</source>
        <translation>Die Ebenen von {name} sind nur im Speicher: {why}</translation>
    </message>
</context>
<context>
    <name>Readings</name>
    <message>
        <source>Detail</source>
        <translation>Detail</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>No photo yet</source>
        <translation>Noch kein Foto</translation>
    </message>
    <message>
        <source>{photo} is gone or cannot be reached.</source>
        <translation>{photo} ist nicht mehr da oder nicht zu erreichen.</translation>
    </message>
</context>
<context>
    <name>RecentRow</name>
    <message>
        <source>Photos opened last</source>
        <translation>Zuletzt geöffnete Fotos</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>{name} öffnen</translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>Shapes</source>
        <translation>Formen</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>Padding</source>
        <translation>Rand</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>Clean edges</source>
        <translation>Kanten reinigen</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>WebP</source>
        <translation>WebP</translation>
    </message>
    <message>
        <source>TIFF</source>
        <translation>TIFF</translation>
    </message>
    <message>
        <source>Photoshop (layer with a mask)</source>
        <translation>Photoshop (Ebene mit Maske)</translation>
    </message>
    <message>
        <source>Mask (grey PNG)</source>
        <translation>Maske (graues PNG)</translation>
    </message>
    <message>
        <source>COCO annotations</source>
        <translation>COCO-Annotationen</translation>
    </message>
    <message>
        <source>YOLO annotations</source>
        <translation>YOLO-Annotationen</translation>
    </message>
    <message>
        <source>Pascal VOC annotations</source>
        <translation>Pascal-VOC-Annotationen</translation>
    </message>
    <message>
        <source>LabelMe annotations</source>
        <translation>LabelMe-Annotationen</translation>
    </message>
    <message>
        <source>Every visible layer</source>
        <translation>Jede sichtbare Ebene</translation>
    </message>
    <message>
        <source>Only the active layer</source>
        <translation>Nur die aktive Ebene</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <source>Run lengths, exact</source>
        <translation>Lauflängen, genau</translation>
    </message>
    <message>
        <source>Trim</source>
        <translation>Zuschneiden</translation>
    </message>
    <message>
        <source>Cut to the box of the object.</source>
        <translation>Auf den Rahmen des Objekts zuschneiden.</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>Quadrat</translation>
    </message>
    <message>
        <source>As wide as high, the object in the middle.</source>
        <translation>So breit wie hoch, das Objekt in der Mitte.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>wie es ist</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Transparent</source>
        <translation>Transparent</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Choose the background</source>
        <translation>Hintergrund wählen</translation>
    </message>
    <message>
        <source>How much of the background&apos;s colour is taken out of hair and soft edges.</source>
        <translation>Wie viel von der Farbe des Hintergrunds aus Haaren und weichen Kanten entfernt wird.</translation>
    </message>
    <message>
        <source>100 keeps every pixel exactly; less makes smaller files.</source>
        <translation>100 behält jedes Pixel genau; weniger macht kleinere Dateien.</translation>
    </message>
    <message>
        <source>Grey: soft edges stay soft</source>
        <translation>Grau: weiche Kanten bleiben weich</translation>
    </message>
    <message>
        <source>Only black and white</source>
        <translation>Nur Schwarz und Weiß</translation>
    </message>
    <message>
        <source>One bit a pixel</source>
        <translation>Ein Bit je Pixel</translation>
    </message>
    <message>
        <source>Keep camera data</source>
        <translation>Kameradaten behalten</translation>
    </message>
    <message>
        <source>Camera and date travel on; the place only if the preferences say so.</source>
        <translation>Kamera und Datum bleiben; der Ort nur, wenn die Einstellungen es sagen.</translation>
    </message>
    <message>
        <source>in proportion</source>
        <translation>im Verhältnis</translation>
    </message>
    <message>
        <source>Choose the background&apos;s colour</source>
        <translation>Farbe des Hintergrunds wählen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose the background&apos;s picture</source>
        <translation>Bild des Hintergrunds wählen</translation>
    </message>
    <message>
        <source>A picture behind the object</source>
        <translation>Ein Bild hinter dem Objekt</translation>
    </message>
    <message>
        <source>Pictures ({patterns})</source>
        <translation>Bilder ({patterns})</translation>
    </message>
</context>
<context>
    <name>SafetyPage</name>
    <message>
        <source>Memory for undo</source>
        <translation>Speicher für Rückgängig</translation>
    </message>
    <message>
        <source>A stroke takes a few kilobytes. When the memory is full the oldest steps go first.</source>
        <translation>Ein Strich braucht wenige Kilobyte. Ist der Speicher voll, gehen die ältesten Schritte zuerst.</translation>
    </message>
    <message>
        <source>Keep unsaved work safe from crashes</source>
        <translation>Ungesicherte Arbeit vor Abstürzen bewahren</translation>
    </message>
    <message>
        <source>Save the layers without a question when going to the next photo</source>
        <translation>Ebenen beim Gehen zum nächsten Foto ohne Frage speichern</translation>
    </message>
    <message>
        <source>Only where nothing else is: layers never take pixels from each other</source>
        <translation>Nur wo sonst nichts ist: Ebenen nehmen einander nie Pixel weg</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>{name} has no file of its own yet; choose a folder for its layers.</source>
        <translation>{name} hat noch keine eigene Datei; wählen Sie einen Ordner für die Ebenen.</translation>
    </message>
    <message>
        <source>The layers of {name} are kept in {folder}.</source>
        <translation>Die Ebenen von {name} liegen in {folder}.</translation>
    </message>
    <message>
        <source>This picture has no file of its own yet.</source>
        <translation>Dieses Bild hat noch keine eigene Datei.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be written; choose another place.</source>
        <translation>Der Ordner {folder} ist nicht beschreibbar; wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>The edge is still being worked on; the cut-out is written when it is done.</source>
        <translation>An der Kante wird noch gearbeitet; das Freigestellte wird geschrieben, sobald sie fertig ist.</translation>
    </message>
    <message>
        <source>Write it now</source>
        <translation>Jetzt schreiben</translation>
    </message>
    <message>
        <source>The edge is still being worked on; the cut-out is copied when it is done.</source>
        <translation>An der Kante wird noch gearbeitet; das Freigestellte wird kopiert, sobald sie fertig ist.</translation>
    </message>
    <message>
        <source>Copy it now</source>
        <translation>Jetzt kopieren</translation>
    </message>
    <message>
        <source>The cut-out is on the clipboard.</source>
        <translation>Das Freigestellte ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The cut-out is on the clipboard, reduced to {width} × {height} pixels.</source>
        <translation>Das Freigestellte ist in der Zwischenablage, verkleinert auf {width} × {height} Pixel.</translation>
    </message>
    <message>
        <source>There is nothing to cut out yet: the mask is empty or hidden.</source>
        <translation>Es gibt noch nichts freizustellen: Die Maske ist leer oder verborgen.</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>Click on the photo itself; outside there is nothing to select.</source>
        <translation>Bitte auf das Foto klicken; außerhalb gibt es nichts auszuwählen.</translation>
    </message>
    <message>
        <source>A click must stay on the photo; it is where it was.</source>
        <translation>Ein Klick muss auf dem Foto bleiben; er ist, wo er war.</translation>
    </message>
    <message>
        <source>What was selected before stays; keep the object first, then take away from it.</source>
        <translation>Was vorher ausgewählt war, bleibt; behalten Sie zuerst das Objekt und nehmen Sie dann davon weg.</translation>
    </message>
    <message>
        <source>The networks still work on the last click; begin another part after it.</source>
        <translation>Die Netze arbeiten noch am letzten Klick; danach einen weiteren Teil beginnen.</translation>
    </message>
    <message>
        <source>The networks had not finished the last click; it was left out.</source>
        <translation>Die Netze waren mit dem letzten Klick nicht fertig; er wurde weggelassen.</translation>
    </message>
    <message>
        <source>The networks were started anew before the click was done; click again.</source>
        <translation>Die Netze wurden neu gestartet, bevor der Klick fertig war; bitte noch einmal klicken.</translation>
    </message>
    <message>
        <source>The background cannot be used: {why}</source>
        <translation>Der Hintergrund lässt sich nicht verwenden: {why}</translation>
    </message>
    <message>
        <source>No object was found.</source>
        <translation>Es wurde kein Objekt gefunden.</translation>
    </message>
    <message>
        <source>There is no edge of the mask in this region, so nothing was changed.</source>
        <translation>In diesem Bereich ist keine Kante der Maske, also wurde nichts geändert.</translation>
    </message>
    <message>
        <source>Every pixel here was set by hand, so nothing was changed.</source>
        <translation>Hier wurde jedes Pixel von Hand gesetzt, also wurde nichts geändert.</translation>
    </message>
    <message>
        <source>This was set by hand, so only the clicked spot was changed.</source>
        <translation>Das ist von Hand gesetzt; nur die angeklickte Stelle wurde geändert.</translation>
    </message>
    <message>
        <source>In places the network saw another object than the mask; there the mask was left as it was. If it is wrong there, correct it and refine again.</source>
        <translation>Stellenweise sah das Netz ein anderes Objekt als die Maske; dort blieb die Maske, wie sie war. Ist sie dort falsch, bessern Sie sie aus und verfeinern Sie noch einmal.</translation>
    </message>
    <message>
        <source>The network found nothing here; only the clicked spots are selected.</source>
        <translation>Das Netz hat hier nichts gefunden; nur die angeklickten Stellen sind ausgewählt.</translation>
    </message>
    <message>
        <source>This part belongs to a locked layer; unlock it to click there.</source>
        <translation>Dieser Teil gehört zu einer gesperrten Ebene; entsperren Sie sie, um dort zu klicken.</translation>
    </message>
    <message>
        <source>There is such a click on this pixel already.</source>
        <translation>Auf diesem Pixel ist schon ein solcher Klick.</translation>
    </message>
    <message>
        <source>The click has only one reading.</source>
        <translation>Der Klick hat nur eine Bedeutung.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts zurückzunehmen.</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>Memory ran out; going on with {count} at a time.</source>
        <translation>Der Speicher war voll; es geht mit {count} auf einmal weiter.</translation>
    </message>
    <message>
        <source>The graphics card&apos;s memory ran out; going on with the processor.</source>
        <translation>Der Speicher der Grafikkarte war voll; es geht mit dem Prozessor weiter.</translation>
    </message>
    <message>
        <source>Memory ran out; your mask is unchanged. Try a smaller region.</source>
        <translation>Der Speicher war voll; Ihre Maske ist unverändert. Versuchen Sie es mit einem kleineren Bereich.</translation>
    </message>
    <message>
        <source>The device {device} is not available here; use auto or cpu.</source>
        <translation>Das Gerät {device} gibt es hier nicht; nehmen Sie auto oder cpu.</translation>
    </message>
    <message>
        <source>{path} does not exist; check its name and folder.</source>
        <translation>{path} gibt es nicht; prüfen Sie Namen und Ordner.</translation>
    </message>
    <message>
        <source>{path} is damaged (it starts as a picture and its header ends early); copy it again from where it came from.</source>
        <translation>{path} ist beschädigt (die Datei beginnt wie ein Bild, und ihr Kopf endet zu früh); kopieren Sie es noch einmal von dort, woher es kam.</translation>
    </message>
    <message>
        <source>{path} is damaged ({why}); copy it again from where it came from.</source>
        <translation>{path} ist beschädigt ({why}); kopieren Sie es noch einmal von dort, woher es kam.</translation>
    </message>
    <message>
        <source>{path} is cut short ({why}); copy it again from where it came from.</source>
        <translation>{path} ist abgeschnitten ({why}); kopieren Sie es noch einmal von dort, woher es kam.</translation>
    </message>
    <message>
        <source>{path} is empty (0 bytes); copy it again from where it came from.</source>
        <translation>{path} ist leer (0 Byte); kopieren Sie es noch einmal von dort, woher es kam.</translation>
    </message>
    <message>
        <source>{path} may not be read (permission denied); allow it or copy the file elsewhere.</source>
        <translation>{path} darf nicht gelesen werden; erlauben Sie es oder kopieren Sie die Datei anderswohin.</translation>
    </message>
    <message>
        <source>{path} needs more memory than this machine has free; close other programs or shrink the photo.</source>
        <translation>{path} braucht mehr Speicher, als hier frei ist; schließen Sie andere Programme oder verkleinern Sie das Foto.</translation>
    </message>
    <message>
        <source>{path} is a folder, not a photo; open a photo inside it.</source>
        <translation>{path} ist ein Ordner, kein Foto; öffnen Sie ein Foto darin.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({why}); check the disk or copy it elsewhere.</source>
        <translation>{path} kann nicht gelesen werden ({why}); prüfen Sie den Datenträger oder kopieren Sie die Datei anderswohin.</translation>
    </message>
    <message>
        <source>{path} is {width} x {height} px ({megapixels} megapixels), beyond the limit of {side} px a side and {most} megapixels; shrink it, or raise max_side_px and max_megapixels under [decode] in the settings.</source>
        <translation>{path} hat {width} x {height} px ({megapixels} Megapixel), mehr als die Grenze von {side} px je Seite und {most} Megapixeln; verkleinern Sie es oder erhöhen Sie die Grenzen in den Einstellungen unter „Fotos“.</translation>
    </message>
    <message>
        <source>{name} holds {count} pictures; the first one is used.</source>
        <translation>{name} enthält {count} Bilder; das erste wird verwendet.</translation>
    </message>
    <message>
        <source>{name} is CMYK without a colour profile; its colours are an approximation.</source>
        <translation>{name} ist CMYK ohne Farbprofil; die Farben sind eine Näherung.</translation>
    </message>
    <message>
        <source>The colour profile of {name} is damaged or of another kind of picture; it was left out.</source>
        <translation>Das Farbprofil von {name} ist beschädigt oder von einer anderen Art Bild; es wurde weggelassen.</translation>
    </message>
    <message>
        <source>The EXIF data of {name} is damaged and was left out.</source>
        <translation>Die EXIF-Daten von {name} sind beschädigt und wurden weggelassen.</translation>
    </message>
    <message>
        <source>{path} holds colours ({kind}) and no transparency, so it is not clear what is inside; save the mask as grey or as an alpha channel.</source>
        <translation>{path} enthält Farben ({kind}) und keine Transparenz, also ist unklar, was innen ist; speichern Sie die Maske in Grau oder als Alphakanal.</translation>
    </message>
    <message>
        <source>{path} is {kind}, not a photo; open a JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF or PSD file.</source>
        <translation>{path} ist kein Foto, sondern {kind}; öffnen Sie eine Datei der Art JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF oder PSD.</translation>
    </message>
    <message>
        <source>{path} is not a photo (it starts with the bytes {start}); open a JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF or PSD file.</source>
        <translation>{path} ist kein Foto (die ersten Bytes sind {start}); öffnen Sie eine Datei der Art JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF oder PSD.</translation>
    </message>
    <message>
        <source>{path} is damaged or a kind of {kind} that cannot be read here; save it as a flat RGB picture of 8 or 16 bits, or copy it again.</source>
        <translation>{path} ist beschädigt oder eine Art {kind}, die hier nicht gelesen werden kann; speichern Sie es als flaches RGB-Bild mit 8 oder 16 Bit, oder kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>ein PDF-Dokument</translation>
    </message>
    <message>
        <source>a PostScript file</source>
        <translation>eine PostScript-Datei</translation>
    </message>
    <message>
        <source>a ZIP archive or an office document</source>
        <translation>ein ZIP-Archiv oder Office-Dokument</translation>
    </message>
    <message>
        <source>a gzip archive</source>
        <translation>ein gzip-Archiv</translation>
    </message>
    <message>
        <source>an SVG drawing</source>
        <translation>eine SVG-Zeichnung</translation>
    </message>
    <message>
        <source>an XML or SVG file</source>
        <translation>eine XML- oder SVG-Datei</translation>
    </message>
    <message>
        <source>a GIMP file</source>
        <translation>eine GIMP-Datei</translation>
    </message>
    <message>
        <source>an OpenEXR file</source>
        <translation>eine OpenEXR-Datei</translation>
    </message>
    <message>
        <source>a video</source>
        <translation>ein Video</translation>
    </message>
    <message>
        <source>text (&quot;{start}...&quot;)</source>
        <translation>Text („{start}…“)</translation>
    </message>
    <message>
        <source>{path} holds layers but no flattened picture; save it in Photoshop with “Maximize Compatibility” on, or flat as TIFF.</source>
        <translation>{path} enthält Ebenen, aber kein flaches Bild; speichern Sie es in Photoshop mit „Kompatibilität maximieren“, oder flach als TIFF.</translation>
    </message>
    <message>
        <source>{path} is a camera&apos;s raw file ({suffix}); install what develops them with pip install &quot;meticulous-gui[raw]&quot;, or develop it to TIFF or JPEG and open that.</source>
        <translation>{path} ist die Rohdatei einer Kamera ({suffix}); installieren Sie mit pip install &quot;meticulous-gui[raw]&quot;, was sie entwickelt, oder entwickeln Sie sie zu TIFF oder JPEG und öffnen Sie das.</translation>
    </message>
    <message>
        <source>{path} cannot be developed ({why}): it is damaged or of a camera that is not known here; develop it to TIFF or JPEG elsewhere, or copy it again.</source>
        <translation>{path} lässt sich nicht entwickeln ({why}): Die Datei ist beschädigt oder von einer Kamera, die hier nicht bekannt ist; entwickeln Sie sie anderswo zu TIFF oder JPEG, oder kopieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>{path} holds floating point values, which have no fixed white; save it as a 16-bit TIFF or PNG and open that.</source>
        <translation>{path} enthält Gleitkommawerte, die kein festes Weiß haben; speichern Sie es als TIFF oder PNG mit 16 Bit und öffnen Sie das.</translation>
    </message>
    <message>
        <source>{name} was changed after its layers were saved; check that they still fit.</source>
        <translation>{name} wurde geändert, nachdem seine Ebenen gespeichert waren; prüfen Sie, ob sie noch passen.</translation>
    </message>
    <message>
        <source>The layers of {name} were saved elsewhere meanwhile; those are in {aside}.</source>
        <translation>Die Ebenen von {name} wurden inzwischen anderswo gespeichert; jene sind in {aside}.</translation>
    </message>
    <message>
        <source>The folder {folder} is gone; {name} was not saved.</source>
        <translation>Der Ordner {folder} ist nicht mehr da; {name} wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>“{layer}” is the only layer and stays; clear it instead.</source>
        <translation>„{layer}“ ist die einzige Ebene und bleibt; leeren Sie sie stattdessen.</translation>
    </message>
    <message>
        <source>The unsaved work on {name} is open in another window; use that one.</source>
        <translation>Die nicht gespeicherte Arbeit an {name} ist in einem anderen Fenster offen; verwenden Sie jenes.</translation>
    </message>
    <message>
        <source>“{layer}” is locked; unlock it to merge the two layers.</source>
        <translation>„{layer}“ ist gesperrt; entsperren Sie die Ebene, um beide zu vereinen.</translation>
    </message>
    <message>
        <source>“{layer}” is hidden; show it to merge the two layers.</source>
        <translation>„{layer}“ ist ausgeblendet; blenden Sie die Ebene ein, um beide zu vereinen.</translation>
    </message>
    <message>
        <source>The layers in {path} belong to a photo of {old_width} x {old_height} px and {name} is {width} x {height} px; they are left alone.</source>
        <translation>Die Ebenen in {path} gehören zu einem Foto von {old_width} x {old_height} px, und {name} hat {width} x {height} px; sie bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>The mask {path} is {mask_width} x {mask_height} px and {name} is {width} x {height} px; it is left alone, drop it on the photo to scale it.</source>
        <translation>Die Maske {path} hat {mask_width} x {mask_height} px, und {name} hat {width} x {height} px; sie bleibt, wie sie ist, ziehen Sie sie auf das Foto, um sie zu skalieren.</translation>
    </message>
    <message>
        <source>“{layer}” is locked; unlock it in the list of layers to change it.</source>
        <translation>„{layer}“ ist gesperrt; entsperren Sie die Ebene in der Liste, um sie zu ändern.</translation>
    </message>
    <message>
        <source>“{layer}” is the lowest layer; there is nothing below to merge it into.</source>
        <translation>„{layer}“ ist die unterste Ebene; darunter ist nichts, womit sie zu vereinen wäre.</translation>
    </message>
    <message>
        <source>{path} holds no annotations that are known here; LabelMe and COCO are.</source>
        <translation>{path} enthält keine Annotationen, die hier bekannt sind; LabelMe und COCO sind es.</translation>
    </message>
    <message>
        <source>{path} is no JSON ({why}); write it anew.</source>
        <translation>{path} ist kein JSON ({why}); schreiben Sie die Datei neu.</translation>
    </message>
    <message>
        <source>{path} is for a photo of {old_width} x {old_height} px and {name} has {width} x {height} px; open the photo that it was made for.</source>
        <translation>{path} ist für ein Foto von {old_width} x {old_height} px, und {name} hat {width} x {height} px; öffnen Sie das Foto, für das es gemacht wurde.</translation>
    </message>
    <message>
        <source>{path} was not written: the disk is full; free some space or choose another folder.</source>
        <translation>{path} wurde nicht geschrieben: Der Datenträger ist voll; schaffen Sie Platz oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} was not written: {folder} may not be written; choose another folder.</source>
        <translation>{path} wurde nicht geschrieben: In {folder} darf nicht geschrieben werden; wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} was not written: the folder {folder} does not exist; create it first.</source>
        <translation>{path} wurde nicht geschrieben: Den Ordner {folder} gibt es nicht; legen Sie ihn zuerst an.</translation>
    </message>
    <message>
        <source>{path} was not written: {place} is a file, not a folder; move it or choose another folder.</source>
        <translation>{path} wurde nicht geschrieben: {place} ist eine Datei, kein Ordner; verschieben Sie sie oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} is write-protected; choose another name or allow writing it.</source>
        <translation>{path} ist schreibgeschützt; wählen Sie einen anderen Namen oder erlauben Sie das Schreiben.</translation>
    </message>
    <message>
        <source>A padding of {padding} px leaves no room in {size}; make the padding smaller or the picture larger.</source>
        <translation>Ein Rand von {padding} px lässt in {size} keinen Platz; machen Sie den Rand kleiner oder das Bild größer.</translation>
    </message>
    <message>
        <source>{path} was not written: the name is too long; choose a shorter one.</source>
        <translation>{path} wurde nicht geschrieben: Der Name ist zu lang; wählen Sie einen kürzeren.</translation>
    </message>
    <message>
        <source>the result of {photo} would replace {path}, which is an input; choose another place for the results.</source>
        <translation>Das Ergebnis von {photo} würde {path} ersetzen, das gelesen wird; wählen Sie einen anderen Ort für die Ergebnisse.</translation>
    </message>
    <message>
        <source>{path} was not written ({why}); check the disk or choose another folder.</source>
        <translation>{path} wurde nicht geschrieben ({why}); prüfen Sie den Datenträger oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} is a folder; choose a file name inside it.</source>
        <translation>{path} ist ein Ordner; wählen Sie einen Dateinamen darin.</translation>
    </message>
    <message>
        <source>{path} is a file, not a folder; move it or choose another folder.</source>
        <translation>{path} ist eine Datei, kein Ordner; verschieben Sie sie oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} was not written: WebP holds at most {most} px a side and the cut-out of {name} is {width} x {height} px; export as PNG.</source>
        <translation>{path} wurde nicht geschrieben: WebP fasst höchstens {most} px je Seite, und das Freigestellte von {name} hat {width} x {height} px; exportieren Sie es als PNG.</translation>
    </message>
    <message>
        <source>The result would be {width} x {height} px, more than {most} px a side; choose less padding or a smaller size.</source>
        <translation>Das Ergebnis hätte {width} x {height} px, mehr als {most} px je Seite; wählen Sie weniger Rand oder eine kleinere Größe.</translation>
    </message>
    <message>
        <source>The name pattern {pattern} gives an empty name; write {name} in it.</source>
        <translation>Das Namensmuster {pattern} ergibt einen leeren Namen; schreiben Sie {name} hinein.</translation>
    </message>
    <message>
        <source>The name pattern {pattern} holds {unknown}; only {name} and {counter} are known.</source>
        <translation>Das Namensmuster {pattern} enthält {unknown}; bekannt sind nur {name} und {counter}.</translation>
    </message>
    <message>
        <source>{one} and {other} would be written to one file; rename one, or choose COCO, which has one for all photos.</source>
        <translation>{one} und {other} kämen in eine Datei; benennen Sie eins um oder wählen Sie COCO, das eine für alle Fotos hat.</translation>
    </message>
    <message>
        <source>Every layer is hidden; show those that belong into the label map.</source>
        <translation>Alle Ebenen sind ausgeblendet; blenden Sie die ein, die in das Nummernbild gehören.</translation>
    </message>
    <message>
        <source>{one} and {other} would both write {path}; rename one.</source>
        <translation>{one} und {other} würden beide {path} schreiben; benennen Sie eines um.</translation>
    </message>
    <message>
        <source>{path} holds no object{why} for {name}; the mask is as it was.</source>
        <translation>{path} enthält kein Objekt{why} für {name}; die Maske ist, wie sie war.</translation>
    </message>
    <message>
        <source>COCO polygons hold no holes: {count} of {total} objects lost theirs; export run lengths to keep them.</source>
        <translation>COCO-Polygone halten keine Löcher: {count} von {total} Objekten haben ihre verloren; exportieren Sie Lauflängen, um sie zu behalten.</translation>
    </message>
    <message>
        <source>YOLO holds one ring an object: {count} of {total} have holes or several parts, which are joined by bridges without width.</source>
        <translation>YOLO hält einen Ring je Objekt: {count} von {total} haben Löcher oder mehrere Teile, die durch Brücken ohne Breite verbunden sind.</translation>
    </message>
    <message>
        <source>Pascal VOC holds one object a pixel: {count} objects cover parts of lower ones.</source>
        <translation>Pascal VOC hält ein Objekt je Pixel: {count} Objekte verdecken Teile von tieferen.</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Stopped; the parts that were finished are kept.</source>
        <translation>Angehalten; die fertigen Teile bleiben.</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Wheel, pinch</source>
        <translation>Rad, zwei Finger</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>Am Zeiger zoomen</translation>
    </message>
    <message>
        <source>Space and drag, middle button</source>
        <translation>Leertaste und ziehen, mittlere Taste</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Bild verschieben</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation>Pfeiltasten</translation>
    </message>
    <message>
        <source>Right button, or Alt and the left one</source>
        <translation>Rechte Taste, oder Alt und die linke</translation>
    </message>
    <message>
        <source>Take away instead of adding</source>
        <translation>Wegnehmen statt hinzufügen</translation>
    </message>
    <message>
        <source>Alt and the wheel, or a drag with the right button</source>
        <translation>Alt und Mausrad, oder Alt und rechts ziehen</translation>
    </message>
    <message>
        <source>Change the size of the brush</source>
        <translation>Größe des Pinsels ändern</translation>
    </message>
    <message>
        <source>Shift and click</source>
        <translation>Umschalttaste und klicken</translation>
    </message>
    <message>
        <source>Paint a straight line from the last point</source>
        <translation>Eine gerade Linie vom letzten Punkt malen</translation>
    </message>
    <message>
        <source>Clicks with the lasso</source>
        <translation>Klicks mit dem Lasso</translation>
    </message>
    <message>
        <source>Set corners; Enter closes, Backspace takes one back</source>
        <translation>Ecken setzen; Eingabetaste schließt, Rücktaste nimmt eine zurück</translation>
    </message>
    <message>
        <source>Drag with similar colour</source>
        <translation>Ziehen mit Ähnliche Farbe</translation>
    </message>
    <message>
        <source>Right for more of the colour&apos;s like, left for less</source>
        <translation>Rechts für mehr Ähnliches, links für weniger</translation>
    </message>
    <message>
        <source>Arrow keys while moving the mask</source>
        <translation>Pfeiltasten beim Verschieben der Maske</translation>
    </message>
    <message>
        <source>Move it by a pixel, with Shift by ten</source>
        <translation>Um ein Pixel bewegen, mit der Umschalttaste um zehn</translation>
    </message>
    <message>
        <source>Drag with the point tool</source>
        <translation>Ziehen beim Zeigen</translation>
    </message>
    <message>
        <source>Look for an object in a box; with Shift, draw a line over it</source>
        <translation>Objekt in einem Rahmen suchen; mit der Umschalttaste eine Linie darüber ziehen</translation>
    </message>
    <message>
        <source>Tab after a click with the point tool</source>
        <translation>Tabulator nach einem Klick beim Zeigen</translation>
    </message>
    <message>
        <source>Show what else it may mean: part, object or group</source>
        <translation>Zeigen, was er noch meinen kann: Teil, Objekt oder Gruppe</translation>
    </message>
    <message>
        <source>Shift and drag with the refine tool</source>
        <translation>Umschalttaste und ziehen beim Verfeinern</translation>
    </message>
    <message>
        <source>Refine inside a box</source>
        <translation>In einem Rahmen verfeinern</translation>
    </message>
    <message>
        <source>Eraser end of a pen</source>
        <translation>Radierende eines Stifts</translation>
    </message>
    <message>
        <source>Take away, whatever the tool</source>
        <translation>Wegnehmen, mit jedem Werkzeug</translation>
    </message>
    <message>
        <source>Alt and the eye of a layer</source>
        <translation>Alt und das Auge einer Ebene</translation>
    </message>
    <message>
        <source>Show only this layer, or all again</source>
        <translation>Nur diese Ebene zeigen, oder wieder alle</translation>
    </message>
    <message>
        <source>Drag the picture below the panels</source>
        <translation>Das Bild unter der Seitenleiste ziehen</translation>
    </message>
    <message>
        <source>Take the cut-out into another program</source>
        <translation>Das Freigestellte in ein anderes Programm bringen</translation>
    </message>
    <message>
        <source>Keys and gestures</source>
        <translation>Tasten und Gesten</translation>
    </message>
    <message>
        <source>Type to filter</source>
        <translation>Tippen zum Filtern</translation>
    </message>
    <message>
        <source>Filter the list</source>
        <translation>Liste filtern</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>Filter leeren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was es tut</translation>
    </message>
    <message>
        <source>Mouse, pen and wheel</source>
        <translation>Maus, Stift und Rad</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>Nichts heißt so.</translation>
    </message>
</context>
<context>
    <name>StartPanel</name>
    <message>
        <source>Start</source>
        <translation>Beginnen</translation>
    </message>
    <message>
        <source>or press {open} to open one, {paste} to paste one</source>
        <translation>oder mit {open} öffnen, mit {paste} einfügen</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
    <message>
        <source>What runs</source>
        <translation>Was läuft</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop and keep what is finished (Esc).</source>
        <translation>Anhalten und behalten, was fertig ist (Esc).</translation>
    </message>
    <message>
        <source>Look here</source>
        <translation>Hierher schauen</translation>
    </message>
    <message>
        <source>Pointer</source>
        <translation>Zeiger</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>The networks are not started.</source>
        <translation>Die Netze sind nicht gestartet.</translation>
    </message>
    <message>
        <source>{device} · {networks}</source>
        <translation>{device} · {networks}</translation>
    </message>
    <message>
        <source>{device}</source>
        <translation>{device}</translation>
    </message>
    <message>
        <source>The networks are starting…</source>
        <translation>Die Netze starten…</translation>
    </message>
    <message>
        <source>The networks are starting again…</source>
        <translation>Die Netze starten neu…</translation>
    </message>
    <message>
        <source>The networks are not running.</source>
        <translation>Die Netze laufen nicht.</translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation>{name} wird geöffnet…</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Wird geschrieben…</translation>
    </message>
    <message>
        <source>{title}: {seconds} s</source>
        <translation>{title}: {seconds} s</translation>
    </message>
    <message>
        <source>{x}, {y}</source>
        <translation>{x}, {y}</translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent} %</translation>
    </message>
    <message>
        <source>{done} of {total} patches</source>
        <translation>{done} von {total} Stücken</translation>
    </message>
    <message>
        <source>{seconds} s left</source>
        <translation>noch {seconds} s</translation>
    </message>
    <message>
        <source>{count} more waiting</source>
        <translation>{count} weitere warten</translation>
    </message>
    <message>
        <source>{topic}: {text}</source>
        <translation>{topic}: {text}</translation>
    </message>
    <message>
        <source>{topic}</source>
        <translation>{topic}</translation>
    </message>
</context>
<context>
    <name>Steps</name>
    <message>
        <source>Add layer</source>
        <translation>Ebene hinzufügen</translation>
    </message>
    <message>
        <source>Remove layer</source>
        <translation>Ebene entfernen</translation>
    </message>
    <message>
        <source>Duplicate layer</source>
        <translation>Ebene verdoppeln</translation>
    </message>
    <message>
        <source>Merge down</source>
        <translation>Nach unten vereinen</translation>
    </message>
    <message>
        <source>Move layer</source>
        <translation>Ebene verschieben</translation>
    </message>
    <message>
        <source>Rename layer</source>
        <translation>Ebene umbenennen</translation>
    </message>
    <message>
        <source>Recolour layer</source>
        <translation>Ebene umfärben</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Forget my strokes</source>
        <translation>Meine Striche vergessen</translation>
    </message>
</context>
<context>
    <name>Strip</name>
    <message>
        <source>{name}, {state}, {number} of {count}</source>
        <translation>{name}, {state}, {number} von {count}</translation>
    </message>
</context>
<context>
    <name>StripDock</name>
    <message>
        <source>Photos of the folder</source>
        <translation>Fotos des Ordners</translation>
    </message>
    <message>
        <source>Which photos are shown</source>
        <translation>Welche Fotos gezeigt werden</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Close the strip; the menu Folder brings it back.</source>
        <translation>Den Streifen schließen; das Menü Ordner bringt ihn zurück.</translation>
    </message>
    <message>
        <source>Close the strip</source>
        <translation>Streifen schließen</translation>
    </message>
    <message>
        <source>{filter} ({count})</source>
        <translation>{filter} ({count})</translation>
    </message>
</context>
<context>
    <name>StripView</name>
    <message>
        <source>Photos of the folder</source>
        <translation>Fotos des Ordners</translation>
    </message>
</context>
<context>
    <name>ToolStrip</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
</context>
<context>
    <name>Tools</name>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Paint what belongs to the object; right button or Alt takes away.</source>
        <translation>Malen, was zum Objekt gehört; rechte Taste oder Alt nimmt weg.</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Radierer</translation>
    </message>
    <message>
        <source>Paint what does not belong to the object; right button or Alt adds.</source>
        <translation>Malen, was nicht zum Objekt gehört; rechte Taste oder Alt fügt hinzu.</translation>
    </message>
    <message>
        <source>Find in a box</source>
        <translation>In einem Rahmen suchen</translation>
    </message>
    <message>
        <source>Drag a box round the object to look for it only there.</source>
        <translation>Einen Rahmen um das Objekt ziehen, um es nur dort zu suchen.</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>Hand</translation>
    </message>
    <message>
        <source>Drag to move the picture.</source>
        <translation>Ziehen, um das Bild zu verschieben.</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Drag round an area or click its corners; right button or Alt takes it away.</source>
        <translation>Um eine Fläche ziehen oder ihre Ecken klicken; rechte Taste oder Alt nimmt sie weg.</translation>
    </message>
    <message>
        <source>A click on the first corner or Enter closes; Backspace takes one back, Esc all.</source>
        <translation>Klick auf die erste Ecke oder Eingabetaste schließt; Rücktaste nimmt eine zurück, Esc alle.</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Polygon, take away</source>
        <translation>Polygon, wegnehmen</translation>
    </message>
    <message>
        <source>Lasso, take away</source>
        <translation>Lasso, wegnehmen</translation>
    </message>
    <message>
        <source>Move the mask</source>
        <translation>Maske verschieben</translation>
    </message>
    <message>
        <source>Drag the mask, or move it by the arrow keys; Shift takes ten pixels.</source>
        <translation>Die Maske ziehen oder mit den Pfeiltasten bewegen; die Umschalttaste nimmt zehn Pixel.</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Modus</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>Wegnehmen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>What the left button does; the right button does the other.</source>
        <translation>Was die linke Taste tut; die rechte Taste tut das andere.</translation>
    </message>
    <message>
        <source>Width of the brush; Alt and the wheel change it, too.</source>
        <translation>Breite des Pinsels; auch Alt und das Rad ändern sie.</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>Härte</translation>
    </message>
    <message>
        <source>How sharp the rim is.</source>
        <translation>Wie scharf der Rand ist.</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>How much one stroke covers.</source>
        <translation>Wie viel ein Strich deckt.</translation>
    </message>
    <message>
        <source>Stop at edges</source>
        <translation>An Kanten halten</translation>
    </message>
    <message>
        <source>Paint only what looks like the photo under the middle of the brush.</source>
        <translation>Nur malen, was so aussieht wie das Foto unter der Mitte des Pinsels.</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>How much the line is steadied.</source>
        <translation>Wie sehr die Linie beruhigt wird.</translation>
    </message>
    <message>
        <source>Size on the photo</source>
        <translation>Größe auf dem Foto</translation>
    </message>
    <message>
        <source>Measure the brush on the photo, not on the screen.</source>
        <translation>Den Pinsel auf dem Foto messen, nicht auf dem Bildschirm.</translation>
    </message>
    <message>
        <source>Pen pressure sets the size</source>
        <translation>Stiftdruck bestimmt die Größe</translation>
    </message>
    <message>
        <source>A pen that is pressed less paints a thinner line.</source>
        <translation>Ein weniger gedrückter Stift malt eine dünnere Linie.</translation>
    </message>
    <message>
        <source>Pen pressure sets the opacity</source>
        <translation>Stiftdruck bestimmt die Deckkraft</translation>
    </message>
    <message>
        <source>A pen that is pressed less covers less.</source>
        <translation>Ein weniger gedrückter Stift deckt weniger.</translation>
    </message>
    <message>
        <source>Refine the edge</source>
        <translation>Kante verfeinern</translation>
    </message>
    <message>
        <source>Paint roughly over a bad edge, or drag a box with Shift, to redraw it.</source>
        <translation>Grob über eine schlechte Kante malen oder mit der Umschalttaste einen Rahmen ziehen, um sie neu zu zeichnen.</translation>
    </message>
    <message>
        <source>My strokes too</source>
        <translation>Auch meine Striche</translation>
    </message>
    <message>
        <source>Let the network change what you painted.</source>
        <translation>Das Netz darf ändern, was gemalt wurde.</translation>
    </message>
    <message>
        <source>Look first: A beside B, then keep one of them or neither.</source>
        <translation>Erst ansehen: A neben B, dann eines davon behalten oder keines.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>What redraws the edge.</source>
        <translation>Was die Kante neu zeichnet.</translation>
    </message>
    <message>
        <source>Similar colour</source>
        <translation>Ähnliche Farbe</translation>
    </message>
    <message>
        <source>Press on a colour, drag right for more of its like, left for less; Alt takes it away.</source>
        <translation>Auf eine Farbe drücken, nach rechts ziehen für mehr Ähnliches, nach links für weniger; Alt nimmt es weg.</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>Toleranz</translation>
    </message>
    <message>
        <source>How different a colour may be; dragging on the photo changes it.</source>
        <translation>Wie verschieden eine Farbe sein darf; Ziehen auf dem Foto ändert sie.</translation>
    </message>
    <message>
        <source>Only what hangs together</source>
        <translation>Nur Zusammenhängendes</translation>
    </message>
    <message>
        <source>Only the area around the point; else everywhere in the photo.</source>
        <translation>Nur die Fläche um den Punkt; sonst überall im Foto.</translation>
    </message>
    <message>
        <source>Similar colour, take away</source>
        <translation>Ähnliche Farbe, wegnehmen</translation>
    </message>
    <message>
        <source>Tolerance {value}</source>
        <translation>Toleranz {value}</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Click what belongs to the object, right-click what does not; the networks find its edge.</source>
        <translation>Anklicken, was zum Objekt gehört, rechts anklicken, was nicht; die Netze finden die Kante.</translation>
    </message>
    <message>
        <source>Sharpen the edge afterwards</source>
        <translation>Kante danach schärfen</translation>
    </message>
    <message>
        <source>The networks go over the new edge as soon as the object is kept.</source>
        <translation>Die Netze gehen über die neue Kante, sobald das Objekt behalten wird.</translation>
    </message>
    <message>
        <source>Preview under the pointer</source>
        <translation>Vorschau unter dem Zeiger</translation>
    </message>
    <message>
        <source>Outline what a click would change; it pauses by itself where that takes long.</source>
        <translation>Umrandet, was ein Klick ändern würde; setzt von selbst aus, wo das lange dauert.</translation>
    </message>
    <message>
        <source>All controls</source>
        <translation>Alle Regler</translation>
    </message>
    <message>
        <source>Show the panel with every control of the click network.</source>
        <translation>Die Tafel mit allen Reglern des Klicknetzes zeigen.</translation>
    </message>
    <message>
        <source>Drag to move, Delete takes it away</source>
        <translation>Ziehen verschiebt, Entf nimmt weg</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Drag the line, or move it by the arrow keys; Shift goes faster.</source>
        <translation>Die Linie ziehen oder mit den Pfeiltasten bewegen; mit Umschalt geht es schneller.</translation>
    </message>
</context>
<context>
    <name>Trouble</name>
    <message>
        <source>Something went wrong inside the program ({error}); {path} tells more.</source>
        <translation>Im Programm ging etwas schief ({error}); {path} sagt mehr.</translation>
    </message>
</context>
<context>
    <name>UnsavedQuestion</name>
    <message>
        <source>Unsaved changes</source>
        <translation>Ungespeicherte Änderungen</translation>
    </message>
    <message>
        <source>One change to {name} since {time} would be lost.</source>
        <translation>Eine Änderung an {name} seit {time} ginge verloren.</translation>
    </message>
    <message>
        <source>{count} changes to {name} since {time} would be lost.</source>
        <translation>{count} Änderungen an {name} seit {time} gingen verloren.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Views</name>
    <message>
        <source>Overlay</source>
        <translation>Überlagerung</translation>
    </message>
    <message>
        <source>The mask as a translucent colour over the photo.</source>
        <translation>Die Maske als durchscheinende Farbe über dem Foto.</translation>
    </message>
    <message>
        <source>Contour</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>Only the mask&apos;s outline, so that nothing hides the edge.</source>
        <translation>Nur der Umriss der Maske, damit nichts die Kante verdeckt.</translation>
    </message>
    <message>
        <source>On black</source>
        <translation>Auf Schwarz</translation>
    </message>
    <message>
        <source>The cut-out on black.</source>
        <translation>Das Freigestellte auf Schwarz.</translation>
    </message>
    <message>
        <source>On white</source>
        <translation>Auf Weiß</translation>
    </message>
    <message>
        <source>The cut-out on white.</source>
        <translation>Das Freigestellte auf Weiß.</translation>
    </message>
    <message>
        <source>On a checkerboard</source>
        <translation>Auf einem Schachbrett</translation>
    </message>
    <message>
        <source>The cut-out on a checkerboard, as transparency is usually shown.</source>
        <translation>Das Freigestellte auf einem Schachbrett, wie Transparenz meist gezeigt wird.</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Deckung</translation>
    </message>
    <message>
        <source>The coverage itself: white inside, black outside.</source>
        <translation>Die Deckung selbst: innen weiß, außen schwarz.</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Where the network was sure of the mask and where it was not.</source>
        <translation>Wo sich das Netz der Maske sicher war und wo nicht.</translation>
    </message>
    <message>
        <source>My strokes</source>
        <translation>Meine Striche</translation>
    </message>
    <message>
        <source>What you painted or pointed at: networks leave it alone.</source>
        <translation>Was Sie gemalt oder angeklickt haben: Netze lassen es in Ruhe.</translation>
    </message>
</context>
<context>
    <name>Wishes</name>
    <message>
        <source>Find in a box</source>
        <translation>In einem Rahmen suchen</translation>
    </message>
    <message>
        <source>Find the object</source>
        <translation>Objekt suchen</translation>
    </message>
    <message>
        <source>Finding the object</source>
        <translation>Objekt wird gesucht</translation>
    </message>
    <message>
        <source>Refine the edge</source>
        <translation>Kante verfeinern</translation>
    </message>
    <message>
        <source>Refining the edge</source>
        <translation>Kante wird verfeinert</translation>
    </message>
    <message>
        <source>Check the edge</source>
        <translation>Kante prüfen</translation>
    </message>
    <message>
        <source>Checking the edge</source>
        <translation>Kante wird geprüft</translation>
    </message>
</context>
<context>
    <name>WrappingLabel</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
</TS>
