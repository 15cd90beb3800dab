import {
  ArrowUpFromLine,
  Brush,
  CircleDot,
  Lasso,
  Maximize,
  MousePointerClick,
  Palette,
  Pause,
  Play,
  ScanEye,
  Scissors,
} from 'lucide';
import type { ComponentChildren } from 'preact';
import { run } from '../input/actions';
import type { Action } from '../input/keymap';
import { settings } from '../state/settings';
import { clip, paused, railPanel, type Tool, tool, WHOLE } from '../state/studio';
import { toggleRailPanel } from '../state/view-commands';
import { IconButton, type IconButtonProps } from './controls';
import { Popover } from './popover';
import { ClipSettings, ColourSettings, PointSettings } from './view-settings';
import './rail.css';

const TOOLS: readonly { name: Tool; label: string; icon: IconButtonProps['icon']; action: Action }[] = [
  { name: 'click', label: 'Click', icon: MousePointerClick, action: 'clickTool' },
  { name: 'brush', label: 'Brush', icon: Brush, action: 'brush' },
  { name: 'lasso', label: 'Lasso', icon: Lasso, action: 'lasso' },
];

/** Tools and view settings, at the left of the picture. */
export function Rail() {
  const { preview } = settings.value;
  return (
    <div class="rail" role="toolbar" aria-label="Tools" aria-orientation="vertical">
      {TOOLS.map(({ name, label, icon, action }) => (
        <IconButton
          key={name}
          icon={icon}
          label={label}
          action={action}
          tip="right"
          pressed={tool.value === name}
          testId={`tool-${name}`}
          onClick={() => run(action)}
        />
      ))}
      <hr />
      <IconButton
        icon={ScanEye}
        label={preview ? 'Preview is on' : 'Preview is off'}
        action="preview"
        tip="right"
        pressed={preview}
        testId="preview"
        onClick={() => run('preview')}
      />
      <IconButton
        icon={paused.value ? Play : Pause}
        label={paused.value ? 'Answer clicks again' : 'Pause answers'}
        action="pause"
        tip="right"
        pressed={paused.value}
        testId="pause"
        onClick={() => run('pause')}
      />
      <hr />
      <PanelButton panel="colours" icon={Palette} label="Colours" action="colours">
        <ColourSettings />
      </PanelButton>
      <PanelButton panel="points" icon={CircleDot} label="Points">
        <PointSettings />
      </PanelButton>
      <PanelButton panel="clip" icon={Scissors} label="Clip box" action="clip" pressed={clip.value !== WHOLE}>
        <ClipSettings />
      </PanelButton>
      <hr />
      <IconButton icon={Maximize} label="Whole scan" action="fit" tip="right" onClick={() => run('fit')} />
      <IconButton icon={ArrowUpFromLine} label="From above" action="top" tip="right" onClick={() => run('top')} />
    </div>
  );
}

interface PanelButtonProps extends Pick<IconButtonProps, 'icon' | 'label' | 'action' | 'pressed'> {
  panel: NonNullable<typeof railPanel.value>;
  children: ComponentChildren;
}

/** A button of the rail with the panel it opens; one panel is open at a time. */
function PanelButton({ panel, children, ...button }: PanelButtonProps) {
  const open = railPanel.value === panel;
  const toggle = () => toggleRailPanel(panel);
  return (
    <div class="holder">
      <IconButton {...button} tip="right" expanded={open} testId={panel} onClick={toggle} />
      {open && (
        <Popover label={button.label} onClose={toggle}>
          {children}
        </Popover>
      )}
    </div>
  );
}
